// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { formatDuration, plural } from '../../base/format';
import { sumByName } from '../../model/nameSums';
import { Button } from '../../ui/Button';
import { FactList } from '../../ui/Facts';
import { useClock } from '../../ui/useClock';
import { KindIcon } from '../../parts/KindIcon';
import { ProseText } from '../../parts/Prose';
import { AddToDataset } from './judge/AddToDataset';
import { Judgements } from './judge/Judgements';
import styles from './Panel.module.css';
import { entityFacts } from './RunHeader';
import type { RunState } from './useRunState';

const namesShown = 8;

/** What there is to say about the run as a whole, while no span is selected. */
export function RunPanel({ state }: { readonly state: RunState }) {
  const { run, tree } = state.view;
  const clock = useClock();
  const root = tree.nodes[0]?.span;
  return (
    <>
      <div className={styles.head}>
        <h2 className={styles.title}>Run</h2>
        <span className={styles.onlyNarrow}>
          <AddToDataset view={state.view} />
        </span>
      </div>
      <div className={styles.body} data-testid="run-panel">
        <div className={styles.sections}>
          {root?.outputPreview !== undefined && (
            <section className={styles.section}>
              <h3>Answered</h3>
              <ProseText text={root.outputPreview} />
            </section>
          )}
          {root !== undefined && root.knownFrom !== 'children' && (
            <p>
              <Button fit="small" onClick={() => state.select(root.id)}>
                Show all of it
              </Button>
            </p>
          )}
          <TimeByName state={state} />
          <Judgements state={state} spanId={undefined} />
          <section className={styles.section}>
            <h3>Facts</h3>
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
              ]}
            />
          </section>
        </div>
      </div>
    </>
  );
}

/** Where the time went: of spans of one name together, the time in which nothing below them ran. */
function TimeByName({ state }: { readonly state: RunState }) {
  const { tree } = state.view;
  const sums = useMemo(
    () =>
      [...sumByName(tree.nodes.map((node) => node.span))]
        .filter(({ selfSeconds }) => selfSeconds !== undefined && selfSeconds > 0)
        .sort((left, right) => (right.selfSeconds ?? 0) - (left.selfSeconds ?? 0)),
    [tree],
  );
  if (sums.length < 2) return undefined;
  const most = sums[0]?.selfSeconds ?? 1;
  return (
    <section className={styles.section} data-testid="time-by-name">
      <h3 title="Time in which nothing below them ran">Where the time went</h3>
      <ul className={styles.shares}>
        {sums.slice(0, namesShown).map((sum) => (
          <li key={`${sum.kind} ${sum.title}`}>
            <button
              type="button"
              className={styles.share}
              onClick={() => state.select(sum.longestId)}
              title={`Show the longest of ${plural(sum.count, 'span')}`}
            >
              <span
                className={styles.shareBar}
                style={{ width: `${((sum.selfSeconds ?? 0) / most) * 100}%` }}
              />
              <KindIcon kind={sum.kind} />
              <span className={styles.shareName} dir="auto">
                {sum.title}
              </span>
              {sum.count > 1 && <span className={styles.offset}>×{sum.count}</span>}
              <span className={styles.push}>{formatDuration(sum.selfSeconds)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
