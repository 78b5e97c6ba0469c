// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { useResources } from '../../api/workflowQueries';
import { formatCompact, formatPercent } from '../../base/format';
import type { PageScope } from '../../model/period';
import { knownPoints } from '../../model/resources';
import type { ResourcePoint, Resources } from '../../model/resources';
import { AnswerOf } from '../../parts/AnswerOf';
import { Card, CardRow } from '../../ui/Card';
import { EmptyState } from '../../ui/Notice';
import { Trend } from '../../ui/Trend';
import { sampleText } from './sampleText';
import { texts } from './texts';

const memoryText = (value: number): string => `${formatCompact(Math.round(value))}\u202fMB`;
const cpuText = (value: number): string => formatPercent(Math.round(value * 10) / 10);
const countText = (value: number): string => formatCompact(Math.round(value));

const kinds = [
  { id: 'memory', label: 'Memory', format: memoryText, colour: 'var(--series-1)' },
  { id: 'cpu', label: 'Processor', format: cpuText, colour: 'var(--series-2)' },
  { id: 'io', label: 'Reads and writes', format: countText, colour: 'var(--series-3)' },
  { id: 'network', label: 'Network requests', format: countText, colour: 'var(--series-6)' },
] as const;

/** A point for each run that told something. */
export function ResourcesView(props: { readonly scope: PageScope; readonly name: string }) {
  const query = useResources(props.scope, props.name);
  return (
    <AnswerOf query={query} what="resources" lines={6}>
      {(resources) => <ResourcesFound resources={resources} />}
    </AnswerOf>
  );
}

function ResourcesFound(props: { readonly resources: Resources }) {
  const { resources } = props;
  const shown = kinds
    .map((kind) => ({ ...kind, points: knownPoints(resources[kind.id]) }))
    .filter(({ points }) => points.length > 0);
  if (shown.length === 0)
    return (
      <Card title={texts.resources} end={sampleText(resources.sample)}>
        <EmptyState title={texts.noResources} isCompact>
          {texts.noResourcesHint}
        </EmptyState>
      </Card>
    );
  return (
    <CardRow>
      {shown.map(({ id, label, format, colour, points }) => (
        <Card key={id} title={label} end={sampleText(resources.sample)}>
          <ResourceTrend label={label} format={format} colour={colour} points={points} />
        </Card>
      ))}
    </CardRow>
  );
}

function ResourceTrend(props: {
  readonly label: string;
  readonly format: (value: number) => string;
  readonly colour: string;
  readonly points: readonly ResourcePoint[];
}) {
  const { label, format, colour, points } = props;
  const { times, series } = useMemo(
    () => ({
      times: points.map(({ timeMs }) => Math.floor(timeMs / 1000)),
      series: [{ id: label, label, colour, values: points.map(({ value }) => value) }],
    }),
    [points, label, colour],
  );
  return <Trend label={label} times={times} series={series} format={format} height={140} />;
}
