// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { decodeDetail } from '../../api/decodeDetail';
import { plural } from '../../base/format';
import type { Run, Trace } from '../../model/run';
import { FactList } from '../../ui/Facts';
import { useClock } from '../../ui/useClock';
import { Button } from '../../ui/Button';
import { BodyView } from '../../parts/BodyView';
import styles from './Panel.module.css';
import { EventsView } from './SpanLists';
import { entityFacts } from './TraceHeader';

/** What there is to say about the run as a whole, while no span is selected. */
export function RunPanel(props: {
  readonly trace: Trace;
  readonly run: Run;
  /** Spans that were left out. */
  readonly repeated: number;
  /** The span that a failed run failed of. */
  readonly cause: string | undefined;
  readonly onSelect: (spanId: string) => void;
}) {
  const { trace, run, repeated, cause } = props;
  const clock = useClock();
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
              <span dir="auto">{trace.errorMessage}</span>
              {cause !== undefined && (
                <span>
                  <Button fit="small" onClick={() => props.onSelect(cause)}>
                    Show the span it began in
                  </Button>
                </span>
              )}
            </div>
          )}
          <div className={styles.onlyNarrow}>
            <FactList facts={entityFacts(run)} />
          </div>
          <FactList
            facts={[
              { label: 'Trace id', value: <code>{run.traceId}</code> },
              {
                label: 'Run id',
                value:
                  run.executionId === undefined || run.executionId === run.traceId ? undefined : (
                    <code>{run.executionId}</code>
                  ),
                title: 'As the sender gave it',
              },
              { label: 'Start', value: clock.exact(run.startNs) },
              { label: 'End', value: clock.exact(run.endNs) ?? 'not ended' },
              {
                label: 'Sent twice',
                value: repeated === 0 ? undefined : `${plural(repeated, 'span')}, shown once`,
                title: 'With the same id; the most complete one is shown',
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
