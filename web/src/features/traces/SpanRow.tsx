// SPDX-License-Identifier: Apache-2.0

import { memo } from 'react';
import type { CSSProperties } from 'react';
import { formatCompact, formatDuration } from '../../base/format';
import { awaitedExplanation, explainParentMissing, markWarnings } from '../../model/span';
import type { Span } from '../../model/span';
import { layoutSpan } from '../../model/spanLayout';
import type { TimeScale } from '../../model/spanLayout';
import type { SpanNode } from '../../model/spanTree';
import { classNames } from '../../ui/classNames';
import { Icon } from '../../ui/Icon';
import { StateMark } from '../../ui/Tag';
import { CostText, TokensText } from '../../parts/CostText';
import { kindColour } from '../../parts/kindColour';
import { KindIcon } from '../../parts/KindIcon';
import styles from './SpanTree.module.css';
import { statusTone } from '../../parts/statusTone';

export interface SpanRowProps {
  readonly id: string;
  readonly node: SpanNode;
  readonly scale: TimeScale;
  readonly top: number;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly isCollapsed: boolean;
  /** Undefined while nothing is searched for. */
  readonly isMatch: boolean | undefined;
  /** What the server holds to be wrong with this span. */
  readonly sign: string | undefined;
}

const indent = 14;
const indentedLevels = 16;

/** Deep levels share one indentation: a chain of thousands stays readable. */
function guideWidth(depth: number): number {
  return Math.min(depth, indentedLevels) * indent;
}

/** How long it took; of what goes on, nobody knows yet. */
function durationText(span: Span): string {
  if (span.endNs === undefined && span.status === 'running') return 'running';
  return formatDuration(span.durationSeconds);
}

function warningsOf(node: SpanNode, sign: string | undefined): string | undefined {
  const texts = [...markWarnings(node.span.marks)];
  if (node.orphan !== undefined) texts.unshift(explainParentMissing(node.orphan));
  if (sign !== undefined) texts.unshift(sign);
  return texts.length === 0 ? undefined : texts.join('\n');
}

export const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { node, isCollapsed, isMatch } = props;
  const { span } = node;
  return (
    <div
      id={props.id}
      role="treeitem"
      aria-level={node.depth + 1}
      aria-selected={props.isSelected}
      aria-expanded={node.childCount > 0 ? !isCollapsed : undefined}
      className={classNames(styles.row, styles.grid)}
      style={{ transform: `translateY(${props.top}px)` }}
      data-span={span.id}
      data-kind={span.kind}
      data-status={span.status}
      data-active={props.isActive}
      data-awaited={span.knownFrom === 'children'}
      data-match={isMatch}
      data-dim={isMatch === false}
    >
      <SpanLabel node={node} isCollapsed={isCollapsed} warnings={warningsOf(node, props.sign)} />
      <span className={classNames(styles.figure, span.endNs === undefined && styles.muted)}>
        {durationText(span)}
      </span>
      <span className={classNames(styles.figure, styles.tokens, styles.muted)}>
        {span.usage?.total !== undefined && (
          <>
            <TokensText text={formatCompact(span.usage.total)} isCounted={span.isCounted} />
            <span className="visually-hidden"> tokens</span>
          </>
        )}
      </span>
      <span className={classNames(styles.figure, styles.cost, styles.muted)}>
        {span.cost.kind === 'nothing' ? (
          ''
        ) : (
          <CostText cost={span.cost} isCounted={span.isCounted} isInColumn />
        )}
      </span>
      <SpanBar span={span} scale={props.scale} />
    </div>
  );
});

/** What is worth a place behind the name: why it failed, else which model. */
function extraText(span: Span): string | undefined {
  if (span.status === 'failed') return span.errorMessage?.split('\n', 1)[0] ?? span.errorType;
  return span.model !== undefined && !span.name.includes(span.model) ? span.model : undefined;
}

function SpanLabel(props: {
  readonly node: SpanNode;
  readonly isCollapsed: boolean;
  readonly warnings: string | undefined;
}) {
  const { node, isCollapsed, warnings } = props;
  const { span } = node;
  const extra = extraText(span);
  return (
    <span className={styles.label}>
      <span className={styles.guides} style={{ width: guideWidth(node.depth) }} />
      {node.childCount > 0 ? (
        <span className={styles.toggle} data-toggle={span.id} data-open={!isCollapsed}>
          <Icon name="chevron" size={12} />
        </span>
      ) : (
        <span className={styles.toggle} />
      )}
      <KindIcon kind={span.kind} />
      {span.knownFrom !== 'children' && (
        <span className={styles.kind} style={{ color: kindColour(span.kind) }}>
          {span.kind}
        </span>
      )}
      {span.status !== 'completed' && (
        <span title={span.status}>
          <StateMark tone={statusTone(span.status)}>
            <span className="visually-hidden">{span.status}</span>
          </StateMark>
        </span>
      )}
      <span
        className={styles.name}
        dir="auto"
        title={span.knownFrom === 'children' ? awaitedExplanation : span.name}
      >
        {span.name}
      </span>
      {isCollapsed && node.descendants > 0 && (
        <span className={styles.hidden}>+{formatCompact(node.descendants)}</span>
      )}
      {warnings !== undefined && (
        <span className={styles.warn} title={warnings}>
          <Icon name="alert" size={12} />
        </span>
      )}
      {extra !== undefined && (
        <span className={styles.extra} dir="auto" title={extra}>
          {extra}
        </span>
      )}
    </span>
  );
}

/** Close to the right edge an open end would be cut off; it is then drawn to the left of its start. */
const openEdge = 0.9;

function SpanBar(props: { readonly span: Span; readonly scale: TimeScale }) {
  const { span, scale } = props;
  const shape = layoutSpan(scale, span);
  if (shape.kind === 'none') return <span className={styles.axis} />;
  const style: CSSProperties & Record<'--row-colour', string> = {
    '--row-colour': kindColour(span.kind),
    left: `${shape.left * 100}%`,
  };
  if (shape.kind === 'open') {
    return (
      <span className={styles.axis} title="Not ended: its duration is not known yet">
        <span
          className={styles.open}
          style={style}
          data-edge={shape.left > openEdge}
          data-shape="open"
        />
      </span>
    );
  }
  // Half a percent from the right edge, a bar of minimal width would stick out.
  style.left = `min(${shape.left * 100}%, 100% - 2px)`;
  style.width = `${shape.width * 100}%`;
  return (
    <span className={styles.axis}>
      <span
        className={styles.bar}
        style={style}
        data-failed={span.status === 'failed'}
        data-shape="bar"
      />
    </span>
  );
}
