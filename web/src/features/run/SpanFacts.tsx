// SPDX-License-Identifier: Apache-2.0

import { formatCompact, formatCount, formatDuration, formatUsd, plural } from '../../base/format';
import { secondsBetween } from '../../base/time';
import type { CostBreakdown, SpanDetail } from '../../model/message';
import { markRemarks } from '../../model/span';
import type { Span } from '../../model/span';
import type { SpanNode } from '../../model/spanTree';
import { outputRate, usageParts } from '../../model/usageParts';
import { CostText, TokensText } from '../../parts/CostText';
import { StatusMark } from '../../parts/StatusMark';
import type { Fact } from '../../ui/Facts';
import { FactList } from '../../ui/Facts';
import { useClock } from '../../ui/useClock';
import type { Clock } from '../../ui/useClock';
import styles from './Panel.module.css';
import type { RunState } from './useRunState';

function count(value: number | undefined, note = ''): string | undefined {
  return value === undefined ? undefined : `${formatCount(value)}${note}`;
}

/** How the tokens of a call divide, and what each part cost. */
export function UsageBar(props: { readonly span: Span; readonly detail: SpanDetail | undefined }) {
  const { span, detail } = props;
  const parts = usageParts(span.usage);
  const whole = parts.reduce((sum, part) => sum + part.tokens, 0);
  if (parts.length === 0 && span.cost.kind === 'nothing') return undefined;
  const firstToken = detail?.timeToFirstTokenSeconds;
  const rate = outputRate(span.usage, span.durationSeconds, firstToken);
  return (
    <section className={styles.usage} aria-label="Tokens and cost">
      {parts.length > 0 && (
        <div className={styles.usageBar} aria-hidden="true">
          {parts.map((part) => (
            <span
              key={part.id}
              data-part={part.id}
              style={{ width: `${(part.tokens / whole) * 100}%` }}
            />
          ))}
        </div>
      )}
      <p>
        {parts.map((part) => (
          <span key={part.id} className={styles.usagePart}>
            <span className={styles.swatch} data-part={part.id} aria-hidden="true" />
            {formatCount(part.tokens)} {part.label}
          </span>
        ))}
        {firstToken !== undefined && (
          <span className={styles.usagePart}>first token after {formatDuration(firstToken)}</span>
        )}
        {rate !== undefined && (
          <span className={styles.usagePart}>{formatCompact(Math.round(rate))} tokens/s</span>
        )}
        {span.cost.kind !== 'nothing' && (
          <strong className={styles.usagePart}>
            <CostText cost={span.cost} isCounted={span.isCounted} />
          </strong>
        )}
      </p>
      {detail?.costBreakdown !== undefined && <CostLines breakdown={detail.costBreakdown} />}
    </section>
  );
}

function CostLines({ breakdown }: { readonly breakdown: CostBreakdown }) {
  const { lines, rule, missing, note } = breakdown;
  const texts = lines.map((line) => `${line.kind.replaceAll('_', ' ')} ${formatUsd(line.amount)}`);
  const title = lines
    .map(
      (line) =>
        `${line.kind}: ${formatCount(line.count)} × $${line.unitPrice} per ${formatCount(line.per)}`,
    )
    .join('\n');
  return (
    <p className={styles.offset} title={title}>
      {texts.join(' + ')}
      {rule !== undefined && ` · price ${rule}`}
      {missing !== undefined && ` · no known price: ${missing}`}
      {note !== undefined && ` · ${note}`}
    </p>
  );
}

/** What a span and all below it come to. */
export function SpanSums({ node }: { readonly node: SpanNode }) {
  const { rollUp, status, kind, endNs } = node.span;
  if (rollUp === undefined || rollUp.descendants === 0 || kind === 'llm') return undefined;
  const own = status === 'failed' ? 1 : 0;
  const below = rollUp.errors - own;
  const isOpen = endNs === undefined;
  return (
    <p className={styles.sums} data-testid="sums">
      <span>
        {isOpen ? 'So far: ' : 'Σ\u00a0'}
        {plural(rollUp.descendants, 'span')} below
      </span>
      {rollUp.modelCalls > 0 && (
        <>
          <span>{plural(rollUp.modelCalls, 'model call')}</span>
          <span>{formatCount(rollUp.tokens)} tokens</span>
          <CostText cost={rollUp.cost} />
        </>
      )}
      {below > 0 && <span className={styles.bad}>{plural(below, 'error')} below</span>}
    </p>
  );
}

/** When, as a distance from the start of the run and by the clock. */
function startFact(state: RunState, span: Span, clock: Clock): Fact {
  const runStart = state.view.run.startNs;
  const offset =
    span.startNs === undefined || runStart === undefined
      ? undefined
      : secondsBetween(runStart, span.startNs);
  return {
    label: 'Start',
    value:
      span.startNs === undefined
        ? undefined
        : `${offset === undefined ? '' : `+${formatDuration(Math.max(0, offset))} · `}${clock.moment(span.startNs)}`,
    title: clock.exact(span.startNs),
  };
}

function timeFacts(state: RunState, span: Span, clock: Clock): readonly Fact[] {
  const ended = span.startNs === undefined ? undefined : 'not ended';
  return [
    { label: 'Status', value: <StatusMark status={span.status} /> },
    {
      label: 'Duration',
      value: span.endNs === undefined ? ended : formatDuration(span.durationSeconds),
    },
    startFact(state, span, clock),
    {
      label: 'Own time',
      value: span.selfSeconds === undefined ? undefined : formatDuration(span.selfSeconds),
      title: 'In which nothing below it ran',
    },
    {
      label: 'Run waited',
      value:
        span.criticalSeconds === undefined || span.criticalSeconds === 0
          ? undefined
          : formatDuration(span.criticalSeconds),
      title: 'How long the run waited for this span itself: its part of the critical path',
    },
  ];
}

function modelFacts(span: Span, detail: SpanDetail | undefined): readonly Fact[] {
  const { usage } = span;
  const finish = detail?.finishReasons.join(', ') ?? '';
  return [
    { label: 'Agent', value: span.agent },
    { label: 'Model', value: span.model },
    { label: 'Provider', value: span.provider },
    { label: 'Finish', value: finish === '' ? undefined : finish },
    { label: 'Tokens in', value: count(usage?.inputTotal) },
    { label: 'of them audio in', value: count(usage?.audioIn) },
    { label: 'Tokens out', value: count(usage?.outputTotal) },
    { label: 'of them audio out', value: count(usage?.audioOut) },
    {
      label: 'Tokens',
      value:
        usage?.total === undefined ? undefined : (
          <TokensText text={formatCount(usage.total)} isCounted={span.isCounted} />
        ),
    },
    {
      label: 'Counted',
      value:
        span.isCounted || usage === undefined
          ? undefined
          : 'no: another span reports the same call',
    },
  ];
}

function originFacts(span: Span, detail: SpanDetail | undefined): readonly Fact[] {
  const tool = detail?.tool;
  const resources = detail?.resources;
  const remarks = markRemarks(detail?.marks ?? []).join('; ');
  return [
    { label: 'Tool', value: tool?.name },
    { label: 'Tool type', value: tool?.type },
    {
      label: 'Call id',
      value: tool?.callId === undefined ? undefined : <code>{tool.callId}</code>,
    },
    { label: 'Memory', value: count(resources?.memoryMb, ' MB') },
    { label: 'CPU', value: count(resources?.cpuPercent, ' %') },
    { label: 'I/O operations', value: count(resources?.ioOperations) },
    { label: 'Network', value: count(resources?.networkRequests, ' requests') },
    { label: 'Service', value: detail?.service },
    { label: 'Instrumented by', value: detail?.scope },
    { label: 'Sent in the terms of', value: detail?.dialect },
    { label: 'Notes', value: remarks === '' ? undefined : remarks },
    { label: 'Name', value: span.name === span.title ? undefined : span.name },
    { label: 'Span id', value: <code>{span.id}</code> },
    {
      label: 'Parent id',
      value: span.parentId === undefined ? undefined : <code>{span.parentId}</code>,
    },
  ];
}

export function SpanFacts(props: {
  readonly state: RunState;
  readonly span: Span;
  readonly detail: SpanDetail | undefined;
}) {
  const { state, span, detail } = props;
  const clock = useClock();
  return (
    <section className={styles.section}>
      <h3>Facts</h3>
      <FactList
        facts={[
          ...timeFacts(state, span, clock),
          ...modelFacts(span, detail),
          ...originFacts(span, detail),
        ]}
      />
    </section>
  );
}
