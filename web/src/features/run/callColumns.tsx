// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { absent, formatCompact, formatCount, formatDuration } from '../../base/format';
import { secondsBetween } from '../../base/time';
import { compareKnown, knownUsd } from '../../model/calls';
import type { Span } from '../../model/span';
import { previewOf } from '../../model/spanPreview';
import { CostText, TokensText } from '../../parts/CostText';
import { KindIcon } from '../../parts/KindIcon';
import { StatusCell } from '../../parts/StatusCell';
import type { Column } from '../../ui/dataColumns';
import styles from './CallsView.module.css';
import type { CallSort } from './url';

/** A column of calls; those that sort are named as in the address. */
interface CallColumn extends Column<Span> {
  readonly id: CallSort['columnId'] | 'preview';
}

function compareText(left = '', right = ''): number {
  return left.localeCompare(right, 'en');
}

function NameCell(props: { readonly span: Span; readonly link: ReactNode }) {
  return (
    <span className={styles.name}>
      <span title={props.span.kind} className={styles.icon}>
        <KindIcon kind={props.span.kind} />
      </span>
      {props.link}
    </span>
  );
}

function PreviewCell({ span }: { readonly span: Span }) {
  const preview = previewOf(span);
  if (preview === undefined) return absent;
  return (
    <span dir="auto" className={preview.tone === 'error' ? styles.failed : undefined}>
      {preview.text}
    </span>
  );
}

function tokenColumn(
  id: 'in' | 'out' | 'tokens',
  label: string,
  fromWidth: number,
  read: (span: Span) => number | undefined,
): CallColumn {
  return {
    id,
    label,
    isFigure: true,
    width: 78,
    fromWidth,
    skeleton: 36,
    title: (span) => (read(span) === undefined ? undefined : `${formatCount(read(span))} tokens`),
    cell: (span) =>
      read(span) === undefined ? (
        absent
      ) : (
        <TokensText text={formatCompact(read(span))} isCounted={span.isCounted} />
      ),
    compare: (left, right) => compareKnown(read(left), read(right)),
  };
}

const figureColumns: readonly CallColumn[] = [
  {
    id: 'duration',
    label: 'Duration',
    isFigure: true,
    width: 92,
    phoneWidth: 76,
    skeleton: 44,
    cell: (span) =>
      span.endNs === undefined && span.status === 'running'
        ? 'running'
        : formatDuration(span.durationSeconds),
    compare: (left, right) => compareKnown(left.durationSeconds, right.durationSeconds),
  },
  tokenColumn('in', 'In', 980, ({ usage }) => usage?.inputTotal),
  tokenColumn('out', 'Out', 980, ({ usage }) => usage?.outputTotal),
  tokenColumn('tokens', 'Tokens', 620, ({ usage }) => usage?.total),
  {
    id: 'cost',
    label: 'Cost',
    isFigure: true,
    width: 112,
    phoneWidth: 96,
    skeleton: 44,
    cell: (span) =>
      span.cost.kind === 'nothing' ? (
        absent
      ) : (
        <CostText cost={span.cost} isCounted={span.isCounted} isInColumn />
      ),
    compare: (left, right) => compareKnown(knownUsd(left), knownUsd(right)),
  },
];

/** `startNs` is the first moment of the run. */
export function makeCallColumns(startNs: bigint): readonly CallColumn[] {
  const offset = (span: Span): number | undefined =>
    span.startNs === undefined ? undefined : secondsBetween(startNs, span.startNs);
  return [
    {
      id: 'start',
      label: 'Start',
      isFigure: true,
      isMuted: true,
      width: 82,
      fromWidth: 640,
      skeleton: 44,
      title: () => 'After the first span of the run began',
      cell: (span) => (offset(span) === undefined ? absent : `+${formatDuration(offset(span))}`),
      compare: (left, right) => compareKnown(offset(left), offset(right)),
    },
    {
      id: 'status',
      label: 'Status',
      width: 112,
      phoneWidth: 38,
      skeleton: 66,
      cell: (span) => <StatusCell status={span.status} />,
      compare: (left, right) => compareText(left.status, right.status),
    },
    {
      id: 'name',
      label: 'Call',
      isFixed: true,
      width: 220,
      phoneWidth: 140,
      skeleton: 140,
      title: (span) => span.name,
      cell: (span, link) => <NameCell span={span} link={link} />,
      compare: (left, right) => compareText(left.title, right.title),
    },
    {
      id: 'model',
      label: 'Model',
      isMuted: true,
      width: 150,
      fromWidth: 860,
      skeleton: 90,
      title: (span) => span.model,
      cell: (span) => <bdi>{span.model ?? absent}</bdi>,
      compare: (left, right) => compareText(left.model, right.model),
    },
    ...figureColumns,
    {
      id: 'preview',
      label: 'Preview',
      isMuted: true,
      fromWidth: 700,
      skeleton: 180,
      title: (span) => previewOf(span)?.text,
      cell: (span) => <PreviewCell span={span} />,
    },
  ];
}
