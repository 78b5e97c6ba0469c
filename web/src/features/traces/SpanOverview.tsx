// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { formatCount, formatDuration } from '../../base/format';
import type { SpanDetail } from '../../model/message';
import {
  awaitedExplanation,
  explainParentMissing,
  markRemarks,
  markWarnings,
} from '../../model/span';
import type { Span } from '../../model/span';
import type { SpanNode } from '../../model/spanTree';
import { FactList } from '../../ui/Facts';
import type { Fact } from '../../ui/Facts';
import { Icon } from '../../ui/Icon';
import { useClock } from '../../ui/useClock';
import type { Clock } from '../../ui/useClock';
import { BodyView } from '../../parts/BodyView';
import { CostText, TokensText } from '../../parts/CostText';
import styles from './Panel.module.css';
import { StatusMark } from '../../parts/StatusMark';

function count(value: number | undefined, note = ''): string | undefined {
  return value === undefined ? undefined : `${formatCount(value)}${note}`;
}

function timeFacts(span: Span, clock: Clock): readonly Fact[] {
  return [
    { label: 'Status', value: <StatusMark status={span.status} /> },
    {
      label: 'Duration',
      value:
        span.endNs !== undefined
          ? formatDuration(span.durationSeconds)
          : span.startNs === undefined
            ? undefined
            : 'not ended',
    },
    { label: 'Start', value: clock.exact(span.startNs) },
    { label: 'End', value: clock.exact(span.endNs) },
  ];
}

function modelFacts(span: Span, detail: SpanDetail): readonly Fact[] {
  const { usage } = span;
  const finish = detail.finishReasons.join(', ');
  return [
    { label: 'Agent', value: span.agent },
    { label: 'Model', value: span.model },
    { label: 'Provider', value: span.provider },
    {
      label: 'First token',
      value:
        detail.timeToFirstTokenSeconds === undefined
          ? undefined
          : `after ${formatDuration(detail.timeToFirstTokenSeconds)}`,
    },
    { label: 'Finish', value: finish === '' ? undefined : finish },
    { label: 'Tokens in', value: count(usage?.inputTotal) },
    { label: 'of them read from cache', value: count(usage?.cacheRead) },
    { label: 'of them written to cache', value: count(usage?.cacheWrite) },
    { label: 'of them audio in', value: count(usage?.audioIn) },
    { label: 'Tokens out', value: count(usage?.outputTotal) },
    { label: 'of them reasoning', value: count(usage?.reasoning) },
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
      value: span.isCounted ? undefined : 'no: another span reports the same call',
    },
    {
      label: 'Cost',
      value:
        span.cost.kind === 'nothing' ? undefined : (
          <CostText cost={span.cost} isCounted={span.isCounted} />
        ),
    },
  ];
}

function originFacts(span: Span, detail: SpanDetail): readonly Fact[] {
  const { tool, resources } = detail;
  const remarks = markRemarks(span.marks).join('; ');
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
    { label: 'Service', value: detail.service },
    { label: 'Instrumented by', value: detail.scope },
    { label: 'Sent in the terms of', value: detail.dialect },
    { label: 'Notes', value: remarks === '' ? undefined : remarks },
    { label: 'Span id', value: <code>{span.id}</code> },
    {
      label: 'Parent id',
      value: span.parentId === undefined ? undefined : <code>{span.parentId}</code>,
    },
  ];
}

function Notes(props: { readonly node: SpanNode }) {
  const { node } = props;
  const notes = [...markWarnings(node.span.marks)];
  if (node.orphan !== undefined) notes.unshift(explainParentMissing(node.orphan));
  if (node.span.knownFrom === 'children') notes.unshift(awaitedExplanation);
  if (notes.length === 0) return undefined;
  return (
    <ul className={styles.notes}>
      {notes.map((note) => (
        <li key={note}>
          <Icon name="alert" size={13} />
          {note}
        </li>
      ))}
    </ul>
  );
}

function Section(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

export function SpanOverview(props: { readonly node: SpanNode; readonly detail: SpanDetail }) {
  const { node, detail } = props;
  const { span } = node;
  const clock = useClock();
  return (
    <div className={styles.sections}>
      <Notes node={node} />
      <FactList facts={[...timeFacts(span, clock), ...modelFacts(span, detail)]} />
      {detail.input !== undefined && (
        <Section title="Input">
          <BodyView body={detail.input} />
        </Section>
      )}
      {detail.output !== undefined && (
        <Section title="Output">
          <BodyView body={detail.output} />
        </Section>
      )}
      <Section title="Origin">
        <FactList facts={originFacts(span, detail)} />
      </Section>
    </div>
  );
}
