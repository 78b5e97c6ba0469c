// SPDX-License-Identifier: Apache-2.0

import { memo } from 'react';
import { formatCompact, formatDuration, plural } from '../../base/format';
import { formatCost } from '../../model/cost';
import type { Cost } from '../../model/cost';
import { awaitedExplanation, explainParentMissing } from '../../model/span';
import type { RollUp, Span } from '../../model/span';
import type { TimeScale } from '../../model/spanLayout';
import { previewOf } from '../../model/spanPreview';
import type { SpanNode } from '../../model/spanTree';
import { CostText, TokensText } from '../../parts/CostText';
import { KindIcon } from '../../parts/KindIcon';
import { statusTone } from '../../parts/statusTone';
import { classNames } from '../../ui/classNames';
import { Icon } from '../../ui/Icon';
import { StateMark } from '../../ui/Tag';
import { SpanBar } from './SpanBar';
import styles from './SpanTree.module.css';

export interface SpanRowProps {
  readonly id: string;
  readonly node: SpanNode;
  readonly scale: TimeScale;
  readonly top: number;
  /** From 1, among `count` rows. */
  readonly place: number;
  readonly count: number;
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
  const texts: string[] = [];
  if (sign !== undefined) texts.push(sign);
  if (node.orphan !== undefined) texts.push(explainParentMissing(node.orphan));
  return texts.length === 0 ? undefined : texts.join('\n');
}

export const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { node, isCollapsed, isMatch } = props;
  const { span } = node;
  const sums = sumsOf(node);
  return (
    <div
      id={props.id}
      role="treeitem"
      aria-level={node.depth + 1}
      aria-setsize={props.count}
      aria-posinset={props.place}
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
      {sums === undefined ? <OwnFigures span={span} /> : <SumFigures span={span} sums={sums} />}
      <SpanBar span={span} scale={props.scale} />
    </div>
  );
});

/** What is below a span says more than what it tells of itself, where there are model calls below it. */
function sumsOf(node: SpanNode): RollUp | undefined {
  const { rollUp, kind } = node.span;
  const isCall = kind === 'llm' || kind === 'embedding';
  return rollUp !== undefined && !isCall && node.childCount > 0 && rollUp.modelCalls > 0
    ? rollUp
    : undefined;
}

function OwnFigures({ span }: { readonly span: Span }) {
  return (
    <>
      <span className={classNames(styles.figure, styles.tokens, styles.muted)}>
        {span.usage?.total !== undefined && (
          <>
            <TokensText text={formatCompact(span.usage.total)} isCounted={span.isCounted} />
            <span className="visually-hidden"> tokens</span>
          </>
        )}
      </span>
      <span className={classNames(styles.figure, styles.cost, styles.muted)}>
        {span.cost.kind !== 'nothing' && (
          <CostText cost={span.cost} isCounted={span.isCounted} isInColumn />
        )}
      </span>
    </>
  );
}

/** Of what still goes on it is at least so much. */
function atLeast(text: string, isOpen: boolean): string {
  return isOpen && !text.startsWith('≥') ? `≥\u00a0${text}` : text;
}

function SumFigures({ span, sums }: { readonly span: Span; readonly sums: RollUp }) {
  const isOpen = span.endNs === undefined;
  const title = `${plural(sums.modelCalls, 'model call')} in ${plural(sums.descendants + 1, 'span')}`;
  return (
    <>
      <span className={classNames(styles.figure, styles.tokens, styles.sum)} title={title}>
        <span aria-hidden="true">{'Σ\u00a0'}</span>
        {atLeast(formatCompact(sums.tokens), isOpen)}
        <span className="visually-hidden"> tokens in all</span>
      </span>
      <span className={classNames(styles.figure, styles.cost, styles.sum)} title={title}>
        <span aria-hidden="true">{'Σ\u00a0'}</span>
        <SumCost cost={sums.cost} isOpen={isOpen} />
      </span>
    </>
  );
}

function SumCost({ cost, isOpen }: { readonly cost: Cost; readonly isOpen: boolean }) {
  if (!isOpen || cost.kind === 'unpriced' || cost.kind === 'nothing')
    return <CostText cost={cost} isInColumn />;
  return atLeast(formatCost(cost), true);
}

function SpanLabel(props: {
  readonly node: SpanNode;
  readonly isCollapsed: boolean;
  readonly warnings: string | undefined;
}) {
  const { node, isCollapsed, warnings } = props;
  const { span } = node;
  const preview = previewOf(span);
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
      <span title={span.kind} className={styles.icon}>
        <KindIcon kind={span.kind} />
        <span className="visually-hidden">{span.kind}</span>
      </span>
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
        {span.title}
      </span>
      {isCollapsed && node.descendants > 0 && <Hidden node={node} />}
      {warnings !== undefined && (
        <span className={styles.warn} title={warnings}>
          <Icon name="alert" size={12} />
        </span>
      )}
      {preview !== undefined && (
        <span className={styles.extra} dir="auto" title={preview.text} data-tone={preview.tone}>
          {preview.text}
        </span>
      )}
    </span>
  );
}

/** What a collapsed row keeps from sight. */
function Hidden({ node }: { readonly node: SpanNode }) {
  const own = node.span.status === 'failed' ? 1 : 0;
  const errors = (node.span.rollUp?.errors ?? 0) - own;
  return (
    <>
      <span className={styles.hidden}>+{formatCompact(node.descendants)}</span>
      {errors > 0 && <span className={styles.hiddenErrors}>{plural(errors, 'error')}</span>}
    </>
  );
}
