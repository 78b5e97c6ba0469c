// SPDX-License-Identifier: Apache-2.0

import { formatCompact, formatDuration, plural } from '../../../base/format';
import { secondsBetween } from '../../../base/time';
import { awaitedExplanation } from '../../../model/span';
import type { Span } from '../../../model/span';
import { previewOf } from '../../../model/spanPreview';
import type { SpanNode } from '../../../model/spanTree';
import { CostText } from '../../../parts/CostText';
import { KindIcon } from '../../../parts/KindIcon';
import { StatusMark } from '../../../parts/StatusMark';
import styles from './Timeline.module.css';

/** The figures of a span in a line, as far as they are known. */
export function figuresOf(span: Span, startNs: bigint): readonly string[] {
  const { startNs: own, durationSeconds, selfSeconds, criticalSeconds, usage } = span;
  return [
    own === undefined ? undefined : `+${formatDuration(secondsBetween(startNs, own))}`,
    span.endNs === undefined ? 'not ended' : formatDuration(durationSeconds),
    selfSeconds === undefined ? undefined : `self ${formatDuration(selfSeconds)}`,
    criticalSeconds === undefined || criticalSeconds === 0
      ? undefined
      : `waited for ${formatDuration(criticalSeconds)}`,
    usage?.total === undefined ? undefined : `${formatCompact(usage.total)} tokens`,
  ].filter((text) => text !== undefined);
}

const tipWidth = 320;

/** What the bar at the pointer is; of bars too close together, how many there are and one of them. */
export function TimelineTip(props: {
  readonly node: SpanNode;
  readonly count: number;
  readonly startNs: bigint;
  /** Pixels in the area it lies over. */
  readonly x: number;
  readonly y: number;
  readonly areaWidth: number;
  readonly areaHeight: number;
}) {
  const { node, count, x, y } = props;
  const { span } = node;
  const preview = previewOf(span);
  const isLow = y > props.areaHeight / 2;
  return (
    <div
      className={styles.tip}
      data-testid="timeline-tip"
      style={{
        left: Math.max(0, Math.min(x + 12, props.areaWidth - tipWidth - 8)),
        ...(isLow ? { bottom: props.areaHeight - y + 10 } : { top: y + 18 }),
      }}
    >
      {count > 1 && <p className={styles.tipCount}>{plural(count, 'span')} here, one of them:</p>}
      <p className={styles.tipName}>
        <KindIcon kind={span.kind} />
        <strong dir="auto">{span.title}</strong>
        {span.status !== 'completed' && <StatusMark status={span.status} />}
      </p>
      <p>
        {figuresOf(span, props.startNs).join(' · ')}
        {span.cost.kind !== 'nothing' && (
          <>
            {' · '}
            <CostText cost={span.cost} isCounted={span.isCounted} />
          </>
        )}
      </p>
      {span.model !== undefined && <p className={styles.tipQuiet}>{span.model}</p>}
      {span.knownFrom === 'children' && <p className={styles.tipQuiet}>{awaitedExplanation}</p>}
      {preview !== undefined && (
        <p className={styles.tipText} data-tone={preview.tone} dir="auto">
          {preview.text}
        </p>
      )}
    </div>
  );
}
