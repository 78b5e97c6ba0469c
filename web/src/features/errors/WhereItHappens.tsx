// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { formatCount } from '../../base/format';
import type { ErrorGroup } from '../../model/failures';
import type { PageScope } from '../../model/period';
import type { Run } from '../../model/run';
import type { SearchTexts } from '../../model/searchTexts';
import { modelName } from '../../model/sums';
import { RunsLink, WorkflowLink } from '../../parts/links';
import { Bars } from '../../ui/Bars';
import { Card, CardRow } from '../../ui/Card';
import { texts } from './texts';

interface Share {
  readonly name: string;
  readonly count: number;
}

/** How many of the runs have each value; those without one are not counted. */
export function countValues(
  runs: readonly Run[],
  valueOf: (run: Run) => string | undefined,
): readonly Share[] {
  const counts = new Map<string, number>();
  for (const run of runs) {
    const value = valueOf(run);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((left, right) => right.count - left.count);
}

function sharesOf(shares: Readonly<Record<string, number>>): readonly Share[] {
  return Object.entries(shares)
    .map(([name, count]) => ({ name, count }))
    .sort((left, right) => right.count - left.count);
}

/** Who and what the failed runs have in them. Users and services are known of the newest runs only. */
export function WhereItHappens(props: {
  readonly group: ErrorGroup;
  readonly runs: readonly Run[];
  readonly scope: PageScope;
}) {
  const { group, runs, scope } = props;
  const failed: SearchTexts = { ...scope.links, status: 'failed' };
  const link = (search: SearchTexts) => (name: string) => (
    <RunsLink search={{ ...failed, ...search }}>{name}</RunsLink>
  );
  return (
    <CardRow>
      <Shares
        title={texts.workflows}
        shares={group.workflows.map(({ id, count }) => ({ name: id, count }))}
        label={(name) => <WorkflowLink name={name} search={scope.links} />}
      />
      <Shares
        title={texts.agents}
        shares={sharesOf(group.agents)}
        label={(name) => link({ agent: name })(name)}
      />
      <Shares
        title={texts.models}
        shares={sharesOf(group.models)}
        label={(name) => link({ model: modelName(name) })(name)}
      />
      <Shares
        title={texts.users}
        shares={countValues(runs, ({ userId }) => userId)}
        label={(name) => link({ user_id: name })(name)}
      />
      <Shares
        title={texts.services}
        shares={countValues(runs, ({ service }) => service)}
        label={(name) => link({ service: name })(name)}
      />
    </CardRow>
  );
}

function Shares(props: {
  readonly title: string;
  readonly shares: readonly Share[];
  label(this: void, name: string): ReactNode;
}) {
  const { title, shares, label } = props;
  if (shares.length === 0) return undefined;
  return (
    <Card title={title}>
      <Bars
        label={title}
        bars={shares.slice(0, 8).map(({ name, count }) => ({
          id: name,
          label: label(name),
          value: count,
          text: formatCount(count),
          colour: 'var(--error)',
        }))}
      />
    </Card>
  );
}
