// SPDX-License-Identifier: Apache-2.0

import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { formatCompact, formatCount, formatDuration, plural } from '../../base/format';
import { countKinds } from '../../model/agentThread';
import type { TraceView } from '../../model/liveTrace';
import type { Run } from '../../model/run';
import { isOver } from '../../model/status';
import { CostText } from '../../parts/CostText';
import { useClock } from '../../ui/useClock';
import styles from './RunHeader.module.css';

const tickMs = 1000;

/** Seconds since a run began, as long as it goes on. */
function useElapsed(run: Run): number | undefined {
  const { startNs } = run;
  const isRunning = startNs !== undefined && run.endNs === undefined && !isOver(run.status);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [isRunning]);
  if (!isRunning) return undefined;
  return Math.max(0, Math.floor(now / 1000 - Number(startNs / 1_000_000n) / 1000));
}

/** The figure first, then what it is a figure of. */
export function Figure(props: {
  readonly label: string;
  readonly title?: string | undefined;
  readonly tone?: 'error' | undefined;
  readonly isLabelHidden?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.figure} title={props.title} data-tone={props.tone}>
      <dt className={props.isLabelHidden === true ? 'visually-hidden' : undefined}>
        {props.label}
      </dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function cachedPercent(view: TraceView): number | undefined {
  let input = 0;
  let cached = 0;
  for (const { span } of view.tree.nodes) {
    if (!span.isCounted || span.usage === undefined) continue;
    input += span.usage.inputTotal ?? 0;
    cached += span.usage.cacheRead ?? 0;
  }
  return cached > 0 && cached <= input ? Math.round((cached / input) * 100) : undefined;
}

/** How long it took and what it used, the figures before what they are figures of. */
export function Figures({ view }: { readonly view: TraceView }) {
  const { run, tree } = view;
  const clock = useClock();
  const elapsed = useElapsed(run);
  const kinds = useMemo(() => countKinds(tree), [tree]);
  const cached = useMemo(() => cachedPercent(view), [view]);
  const errors = run.errorCount ?? 0;
  const tools = kinds.get('tool') ?? 0;
  const calls = kinds.get('llm') ?? 0;
  const isWhole = view.loaded.rows >= view.loaded.total;
  return (
    <dl className={styles.figures}>
      <Figure
        label={elapsed === undefined ? 'Duration' : 'so far'}
        isLabelHidden={elapsed === undefined}
        title={run.endNs === undefined ? 'Not ended yet' : `Ended ${clock.exact(run.endNs) ?? ''}`}
      >
        {formatDuration(elapsed ?? run.durationSeconds)}
      </Figure>
      <Figure
        label={cached === undefined || !isWhole ? 'Cost' : `${cached} % cached`}
        isLabelHidden={cached === undefined || !isWhole}
      >
        <CostText cost={run.cost} />
      </Figure>
      <Figure label="tokens">{formatCount(run.totalTokens)}</Figure>
      {isWhole && calls > 0 && (
        <Figure label={calls === 1 ? 'model call' : 'model calls'}>{formatCount(calls)}</Figure>
      )}
      {isWhole && tools > 0 && (
        <Figure label={tools === 1 ? 'tool' : 'tools'} title="Calls of tools">
          {formatCount(tools)}
        </Figure>
      )}
      <Figure label={run.spanCount === 1 ? 'span' : 'spans'} title="Spans that have ended">
        {formatCount(run.spanCount)}
      </Figure>
      {errors > 0 && (
        <Figure
          label={`${errors === 1 ? 'error' : 'errors'}${run.status === 'completed' ? ', recovered' : ''}`}
          tone="error"
          title={`${plural(errors, 'span')} failed`}
        >
          {formatCompact(errors)}
        </Figure>
      )}
      <Figure label="Started" isLabelHidden title={clock.exact(run.startNs)}>
        {clock.moment(run.startNs)}
      </Figure>
    </dl>
  );
}
