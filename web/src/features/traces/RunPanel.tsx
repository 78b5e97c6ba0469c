// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { decodeDetail } from '../../api/decodeDetail';
import { formatExactTime, plural } from '../../base/format';
import type { Run, Trace } from '../../model/run';
import { FactList } from '../../ui/Facts';
import { BodyView } from './BodyView';
import styles from './Panel.module.css';
import { EventsView } from './SpanLists';

/** What there is to say about the run as a whole, while no span is selected. */
export function RunPanel(props: {
  readonly trace: Trace;
  readonly run: Run;
  /** Spans that were left out. */
  readonly repeated: number;
}) {
  const { trace, run, repeated } = props;
  const { logs } = trace;
  const { input, output } = useMemo(() => decodeDetail(trace.raw), [trace.raw]);
  return (
    <>
      <div className={styles.head}>
        <h2 className={styles.title}>Run</h2>
      </div>
      <div className={styles.body} data-testid="run-panel">
        <div className={styles.sections}>
          {trace.errorMessage !== undefined && (
            <div className={styles.failure}>
              <strong>Error</strong>
              {trace.errorMessage}
            </div>
          )}
          <FactList
            facts={[
              { label: 'Trace id', value: <code>{run.traceId}</code> },
              {
                label: 'Execution id',
                value: run.executionId === undefined ? undefined : <code>{run.executionId}</code>,
              },
              {
                label: 'Start',
                value: run.startNs === undefined ? undefined : formatExactTime(run.startNs),
              },
              {
                label: 'End',
                value: run.endNs === undefined ? 'not ended' : formatExactTime(run.endNs),
              },
              {
                label: 'Left out',
                value: repeated === 0 ? undefined : plural(repeated, 'repeated span'),
                title: 'Sent more than once with the same id',
              },
            ]}
          />
          {input !== undefined && (
            <section className={styles.section}>
              <h3>Input</h3>
              <BodyView body={input} />
            </section>
          )}
          {output !== undefined && (
            <section className={styles.section}>
              <h3>Output</h3>
              <BodyView body={output} />
            </section>
          )}
          {logs.length > 0 && (
            <section className={styles.section}>
              <h3>Logs</h3>
              <EventsView logs={logs} startNs={run.startNs} />
            </section>
          )}
          <p className={styles.offset}>Select a span to see its messages, data and attributes.</p>
        </div>
      </div>
    </>
  );
}
