// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { useBottlenecks } from '../../api/workflowQueries';
import { formatDuration, plural } from '../../base/format';
import { stepRows } from '../../model/bottlenecks';
import type { Bottlenecks } from '../../model/bottlenecks';
import { anyKind } from '../../model/callFilter';
import type { PageScope } from '../../model/period';
import type { SearchTexts } from '../../model/searchTexts';
import { AnswerOf } from '../../parts/AnswerOf';
import { Bars } from '../../ui/Bars';
import { Card, CardRow } from '../../ui/Card';
import { EmptyState } from '../../ui/Notice';
import { ShortTable } from '../../ui/ShortTable';
import { againColumns, stepColumns } from './pathColumns';
import { percentOf, sampleText } from './sampleText';
import { texts } from './texts';
import { WhatIfControl } from './WhatIfControl';
import styles from './Workflows.module.css';

/** Steps with what runs wait for, and what would make them shorter. */
export function PathView(props: { readonly scope: PageScope; readonly name: string }) {
  const query = useBottlenecks(props.scope, props.name);
  return (
    <div className={styles.panel}>
      <AnswerOf query={query} what="what runs wait for" lines={8}>
        {(found) =>
          found.path.length === 0 ? (
            <EmptyState title={texts.noPath} />
          ) : (
            <PathFound
              found={found}
              calls={{ ...props.scope.links, workflow_id: props.name, kind: anyKind }}
            />
          )
        }
      </AnswerOf>
    </div>
  );
}

function PathFound(props: {
  readonly found: Bottlenecks;
  /** The calls of the workflow. */
  readonly calls: SearchTexts;
}) {
  const { found, calls } = props;
  const columns = useMemo(() => stepColumns(calls), [calls]);
  const againOfCalls = useMemo(() => againColumns(calls), [calls]);
  const rows = useMemo(() => stepRows(found), [found]);
  const again = useMemo(
    () => [
      ...found.retries.map((step) => ({ ...step, what: 'failed attempt' as const })),
      ...found.repeated.map((step) => ({ ...step, what: 'same call again' as const })),
    ],
    [found],
  );
  return (
    <>
      <Card title={texts.path} end={sampleText(found.sample)} testId="path">
        <p className={styles.hint}>{texts.pathHint}</p>
        <Bars
          label={texts.path}
          most={1}
          bars={found.path.slice(0, 8).map((step) => ({
            id: step.step,
            label: step.step,
            value: step.shareOfTime,
            text: percentOf(step.shareOfTime),
            title: `${formatDuration(step.secondsPerRun)} a run`,
            colour: 'var(--series-5)',
          }))}
        />
        <ShortTable
          id="workflow steps"
          caption="Steps"
          columns={columns}
          rows={rows}
          idOf={({ step }) => step}
          testId="steps"
        />
      </Card>
      <WhatIfControl found={found} />
      <CardRow>
        {found.serial.length > 0 && (
          <Card title={texts.serial} testId="serial">
            <p className={styles.hint}>{texts.serialHint}</p>
            <ul className={styles.list}>
              {found.serial.slice(0, 8).map((pair) => (
                <li key={`${pair.first} ${pair.second}`}>
                  <bdi>{pair.first}</bdi> → <bdi>{pair.second}</bdi>: runs{' '}
                  {percentOf(pair.shorterIfParallel)} shorter,{' '}
                  <span className={styles.note}>
                    {plural(pair.calls, 'time')} in {plural(pair.runs, 'run')}
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        )}
        {again.length > 0 && (
          <Card title={texts.again} testId="again">
            <ShortTable
              id="workflow again"
              caption={texts.again}
              columns={againOfCalls}
              rows={again}
              idOf={({ what, step }) => `${what} ${step}`}
            />
          </Card>
        )}
      </CardRow>
    </>
  );
}
