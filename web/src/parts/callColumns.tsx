// SPDX-License-Identifier: Apache-2.0
// How lists show calls.

import type { ReactNode } from 'react';
import { absent, formatCompact, formatCount, formatDuration, formatUsd } from '../base/format';
import { isSpending, totalTokens } from '../model/call';
import type { Call } from '../model/call';
import { alignCost } from '../model/cost';
import type { SpanKind } from '../model/span';
import { modelName } from '../model/sums';
import type { Column } from '../ui/dataColumns';
import { StateMark } from '../ui/Tag';
import type { Clock } from '../ui/useClock';
import styles from './callColumns.module.css';
import { KindIcon } from './KindIcon';
import { statusTone } from './statusTone';

const unknownTokens = 'The sender told of no tokens, or another span counts those of this call';
const unknownCost =
  'Nobody knows a price for these tokens, the sender told of none, or another span counts them';

/** What a step is, in a word. */
export const kindNames: Readonly<Record<SpanKind, string>> = {
  agent: 'Agent',
  workflow: 'Workflow',
  task: 'Task',
  llm: 'Model',
  tool: 'Tool',
  retriever: 'Retriever',
  embedding: 'Embedding',
  reranker: 'Reranker',
  guardrail: 'Guardrail',
  evaluator: 'Evaluator',
  http: 'HTTP',
  db: 'Database',
  other: 'Other',
};

function Unknown(props: { readonly call: Call; readonly title: string }): ReactNode {
  if (!isSpending(props.call.kind)) return absent;
  return (
    <span className={styles.unknown} title={props.title}>
      unknown
    </span>
  );
}

/** Dollars; of a call of a model that nobody can tell, that they are not known. */
export function CallCost(props: { readonly call: Call; readonly isInColumn?: boolean }) {
  const { call, isInColumn = false } = props;
  if (call.usd === undefined) return <Unknown call={call} title={unknownCost} />;
  const text = formatUsd(call.usd);
  return <span title={`${call.usd} USD`}>{isInColumn ? alignCost(text) : text}</span>;
}

export function CallTokensText(props: {
  readonly call: Call;
  readonly count: number | undefined;
}): ReactNode {
  const { call, count } = props;
  if (count === undefined) return <Unknown call={call} title={unknownTokens} />;
  return <span title={formatCount(count)}>{formatCompact(count)}</span>;
}

function tokens(
  id: string,
  label: string,
  count: (call: Call) => number | undefined,
  more: Partial<Column<Call>>,
): Column<Call> {
  return {
    id,
    label,
    isFigure: true,
    width: 76,
    skeleton: 36,
    cell: (call) => <CallTokensText call={call} count={count(call)} />,
    ...more,
  };
}

/** None, where the server says 0: few senders tell of a cache at all. */
function cachedOf(call: Call): number | undefined {
  return call.tokens === undefined || call.tokens.cacheRead === 0
    ? undefined
    : call.tokens.cacheRead;
}

const figureColumns: readonly Column<Call>[] = [
  {
    id: 'duration',
    label: 'Duration',
    order: 'duration',
    isFigure: true,
    width: 96,
    phoneWidth: 78,
    skeleton: 44,
    cell: (call) => formatDuration(call.durationSeconds),
  },
  tokens('tokens', 'Tokens', totalTokens, { order: 'tokens', width: 80, fromWidth: 620 }),
  tokens('input', 'In', (call) => call.tokens?.input, {
    width: 66,
    fromWidth: 1080,
    isMuted: true,
  }),
  tokens('cached', 'Cached', cachedOf, {
    width: 74,
    fromWidth: 1080,
    isMuted: true,
    title: () => 'Tokens of the input that came from a cache',
    cell: (call) =>
      call.tokens === undefined ? (
        <CallTokensText call={call} count={undefined} />
      ) : (
        formatCompact(cachedOf(call))
      ),
  }),
  tokens('output', 'Out', (call) => call.tokens?.output, {
    width: 66,
    fromWidth: 1080,
    isMuted: true,
  }),
  {
    id: 'cost',
    label: 'Cost',
    order: 'cost',
    isFigure: true,
    width: 112,
    phoneWidth: 96,
    skeleton: 44,
    cell: (call) => <CallCost call={call} isInColumn />,
  },
];

const nameColumns: readonly Column<Call>[] = [
  {
    id: 'kind',
    label: 'Kind',
    width: 62,
    skeleton: 14,
    title: (call) => kindNames[call.kind],
    cell: (call) => (
      <>
        <KindIcon kind={call.kind} />
        <span className="visually-hidden">{kindNames[call.kind]}</span>
      </>
    ),
  },
  {
    id: 'name',
    label: 'Call',
    isFixed: true,
    skeleton: 160,
    title: (call) => call.name,
    cell: (_call, link) => link,
  },
  {
    id: 'model',
    label: 'Model',
    fromWidth: 700,
    skeleton: 100,
    title: (call) => call.model,
    cell: (call) => <bdi>{call.model === undefined ? absent : modelName(call.model)}</bdi>,
  },
  {
    id: 'agent',
    label: 'Agent',
    width: 120,
    fromWidth: 860,
    skeleton: 90,
    title: (call) => call.agent,
    cell: (call) => <bdi>{call.agent ?? absent}</bdi>,
  },
  {
    id: 'workflow',
    label: 'Workflow',
    isMuted: true,
    width: 120,
    fromWidth: 1240,
    skeleton: 90,
    title: (call) => call.workflowId,
    cell: (call) => <bdi>{call.workflowId ?? absent}</bdi>,
  },
];

/** In words what went wrong; of what went well, its state only. */
function Outcome(props: { readonly call: Call }) {
  const { status, errorType } = props.call;
  return (
    <StateMark tone={statusTone(status)}>
      <bdi className={status === 'failed' ? styles.failed : undefined}>{errorType ?? status}</bdi>
    </StateMark>
  );
}

export function makeCallColumns(clock: Clock): readonly Column<Call>[] {
  return [
    ...nameColumns,
    {
      id: 'started',
      label: 'Started',
      order: 'start',
      isFigure: true,
      width: 108,
      fromWidth: 540,
      skeleton: 58,
      title: (call) => clock.exact(call.startNs),
      cell: (call) => clock.moment(call.startNs),
    },
    ...figureColumns,
    {
      id: 'status',
      label: 'Status',
      width: 140,
      fromWidth: 760,
      skeleton: 66,
      title: (call) => call.errorType,
      cell: (call) => <Outcome call={call} />,
    },
  ];
}
