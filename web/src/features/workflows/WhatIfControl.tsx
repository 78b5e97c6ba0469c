// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { plural } from '../../base/format';
import { whatIfs } from '../../model/bottlenecks';
import type { Bottlenecks, WhatIf } from '../../model/bottlenecks';
import { useAddress } from '../../parts/useAddress';
import { Bars } from '../../ui/Bars';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/Notice';
import { SelectField } from '../../ui/SelectField';
import { texts } from './texts';
import { percentOf } from './sampleText';
import styles from './Workflows.module.css';

function describe({ kind, first, second }: WhatIf): string {
  return kind === 'half'
    ? `${first} took half as long`
    : `${second ?? ''} began together with ${first}`;
}

/** One change is chosen; how much shorter the runs would have been is shown beside what they took. */
export function WhatIfControl(props: { readonly found: Bottlenecks }) {
  const { search, change } = useAddress();
  const choices = useMemo(() => whatIfs(props.found), [props.found]);
  const chosen = choices.find(({ id }) => id === search['whatif']) ?? choices[0];
  return (
    <Card title={texts.whatIf} testId="what-if">
      <p className={styles.hint}>{texts.whatIfHint}</p>
      {chosen === undefined ? (
        <EmptyState title={texts.noWhatIf} isCompact />
      ) : (
        <>
          <div className={styles.choice}>
            <SelectField
              label="What if"
              value={chosen.id}
              options={choices.map((choice) => ({ value: choice.id, label: describe(choice) }))}
              onChange={(id) => change({ whatif: id })}
            />
            <strong className={styles.outcome} role="status" data-testid="what-if-outcome">
              Runs would be {percentOf(chosen.shorter)} shorter
            </strong>
            <span className={styles.note}>on the path of {plural(chosen.runs, 'run')}</span>
          </div>
          <Bars
            label="Duration of the runs, as it was and as it would be"
            most={1}
            bars={[
              {
                id: 'was',
                label: 'as it was',
                value: 1,
                text: percentOf(1),
                colour: 'var(--quiet)',
              },
              {
                id: 'would',
                label: 'as it would be',
                value: 1 - chosen.shorter,
                text: percentOf(1 - chosen.shorter),
                colour: 'var(--ok)',
              },
            ]}
          />
        </>
      )}
    </Card>
  );
}
