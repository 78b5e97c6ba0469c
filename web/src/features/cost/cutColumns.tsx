// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { absent, formatCompact, formatCount, formatPercent } from '../../base/format';
import { anyKind } from '../../model/callFilter';
import { modelNameOf } from '../../model/costCuts';
import type { Cut } from '../../model/costCuts';
import type { RunFilter } from '../../model/filterFields';
import { filterTexts } from '../../model/pageAddress';
import type { SearchTexts } from '../../model/searchTexts';
import type { SpendingRow } from '../../model/spending';
import { CostText } from '../../parts/CostText';
import { GroupLink } from '../../parts/GroupLink';
import { CallsLink } from '../../parts/links';
import type { Column } from '../../ui/dataColumns';
import styles from './CostCut.module.css';

export function cutTableId(cut: Cut): string {
  return `cost-${cut.id}`;
}

/** What narrows the runs to those of a row; undefined where runs cannot be narrowed to it. */
function filterOf(cut: Cut, name: string): SearchTexts | undefined {
  if (name === '') return undefined;
  switch (cut.id) {
    case 'model':
      return { model: modelNameOf(name) };
    case 'workflow':
      return { workflow_id: name };
    case 'agent':
      return { agent: name };
    case 'user':
      return { user_id: name };
    case 'session':
      return { session_id: name };
    case 'provider':
    case 'tool':
    case 'tokens':
      return undefined;
  }
}

function makeRowLink(cut: Cut, asked: RunFilter) {
  return (row: SpendingRow, children: ReactNode): ReactNode => {
    const narrowed = filterOf(cut, row.name);
    if (narrowed === undefined) return children;
    return (
      <Link
        to="/runs"
        search={{ ...filterTexts(asked), ...narrowed }}
        title={`The runs of ${row.name}`}
      >
        {children}
      </Link>
    );
  };
}

/** What narrows the calls to those of a row; undefined where calls cannot be narrowed to it. */
function callFilterOf(cut: Cut, name: string): SearchTexts | undefined {
  if (name !== '' && cut.id === 'model') return { kind: anyKind, model: name };
  if (name !== '' && cut.id === 'tool') return { kind: 'tool', step_name: name };
  return filterOf(cut, name);
}

/** `more` is the order, where a figure asks for one. */
function makeCallsLink(cut: Cut, asked: RunFilter) {
  return (row: SpendingRow, children: ReactNode, more: SearchTexts = {}): ReactNode => {
    const narrowed = callFilterOf(cut, row.name);
    if (narrowed === undefined) return children;
    return (
      <CallsLink search={{ ...filterTexts(asked), ...narrowed, ...more }}>{children}</CallsLink>
    );
  };
}

/** A session and a user have pages of their own. */
function nameOf(
  cut: Cut,
  row: SpendingRow,
  link: (row: SpendingRow, children: ReactNode) => ReactNode,
): ReactNode {
  if (row.name === '') return '(none)';
  if (cut.id === 'session' || cut.id === 'user') return <GroupLink kind={cut.id} id={row.name} />;
  return link(row, row.name);
}

function Share(props: { readonly percent: number | undefined }) {
  const { percent } = props;
  if (percent === undefined) return absent;
  return (
    <span className={styles.share}>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
      <span className={styles.percent}>{formatPercent(percent)}</span>
    </span>
  );
}

function usdOf(row: SpendingRow): number {
  return 'usd' in row.cost ? row.cost.usd : -1;
}

function PriceLink(props: { readonly name: string }) {
  return (
    <Link
      to="/cost"
      search={(before: SearchTexts) => ({ ...before, price: props.name })}
      aria-label={`Price of ${props.name}`}
    >
      price
    </Link>
  );
}

function moneyColumns(link: ReturnType<typeof makeCallsLink>): readonly Column<SpendingRow>[] {
  return [
    {
      id: 'cost',
      label: 'Cost',
      isFigure: true,
      width: 120,
      phoneWidth: 104,
      skeleton: 60,
      cell: (row) => link(row, <CostText cost={row.cost} isInColumn />, { sort: '-cost' }),
      compare: (left, right) => usdOf(left) - usdOf(right),
    },
    {
      id: 'unpriced',
      label: 'Unpriced',
      isFigure: true,
      width: 84,
      fromWidth: 900,
      skeleton: 20,
      title: () => 'Calls of which nobody knows a price; they are not part of the cost',
      cell: (row) => (row.unpricedCalls === 0 ? absent : formatCount(row.unpricedCalls)),
      compare: (left, right) => left.unpricedCalls - right.unpricedCalls,
    },
  ];
}

function tokenColumns(link: ReturnType<typeof makeCallsLink>): readonly Column<SpendingRow>[] {
  return [
    {
      id: 'tokens',
      label: 'Tokens',
      isFigure: true,
      width: 88,
      fromWidth: 480,
      skeleton: 40,
      title: (row) => formatCount(row.tokens),
      cell: (row) => link(row, formatCompact(row.tokens), { sort: '-tokens' }),
      compare: (left, right) => left.tokens - right.tokens,
    },
    {
      id: 'cache',
      label: 'Cached',
      isFigure: true,
      width: 80,
      fromWidth: 620,
      skeleton: 36,
      title: () => 'Tokens of input that came from a cache, of all tokens of input',
      cell: (row) => formatPercent(row.cacheRate),
      compare: (left, right) => (left.cacheRate ?? -1) - (right.cacheRate ?? -1),
    },
    {
      id: 'each',
      label: 'Per call',
      isFigure: true,
      width: 120,
      fromWidth: 900,
      skeleton: 60,
      title: () => 'Cost of one call with a price, on average',
      cell: (row) => <CostText cost={costOfOne(row)} isInColumn />,
      compare: (left, right) => usdPerCall(left) - usdPerCall(right),
    },
  ];
}

function usdPerCall(row: SpendingRow): number {
  const cost = costOfOne(row);
  return 'usd' in cost ? cost.usd : -1;
}

/** What is known of the cost, over the calls that it is known of. */
function costOfOne(row: SpendingRow): SpendingRow['cost'] {
  const priced = row.calls - row.unpricedCalls;
  if (!('usd' in row.cost) || priced <= 0) return { kind: 'nothing' };
  return { kind: 'priced', usd: row.cost.usd / priced };
}

/** The columns of a cut: tools have calls only, and kinds of tokens only tokens. */
export function makeCutColumns(cut: Cut, asked: RunFilter): readonly Column<SpendingRow>[] {
  const link = cut.id === 'tool' ? makeCallsLink(cut, asked) : makeRowLink(cut, asked);
  const callsLink = makeCallsLink(cut, asked);
  const name: Column<SpendingRow> = {
    id: 'name',
    label: cut.noun,
    isFixed: true,
    skeleton: 160,
    title: (row) => row.name,
    cell: (row) => <bdi>{nameOf(cut, row, link)}</bdi>,
  };
  const share: Column<SpendingRow> = {
    id: 'share',
    label: 'Share',
    isFigure: true,
    width: 140,
    phoneWidth: 72,
    skeleton: 90,
    cell: (row) => <Share percent={row.share} />,
    compare: (left, right) => (left.share ?? -1) - (right.share ?? -1),
  };
  const calls: Column<SpendingRow> = {
    id: 'calls',
    label: 'Calls',
    isFigure: true,
    width: 76,
    fromWidth: cut.id === 'tool' ? 0 : 540,
    skeleton: 30,
    cell: (row) => callsLink(row, formatCount(cut.id === 'tool' ? row.steps : row.calls)),
    compare: (left, right) =>
      cut.id === 'tool' ? left.steps - right.steps : left.calls - right.calls,
  };
  if (cut.id === 'tool') return [name, share, calls];
  if (cut.id === 'tokens') return [name, share, ...tokenColumns(callsLink).slice(0, 1)];
  const price: Column<SpendingRow> = {
    id: 'price',
    label: 'Price',
    width: 64,
    fromWidth: 720,
    skeleton: 30,
    cell: (row) => <PriceLink name={row.name} />,
  };
  const all = [name, ...moneyColumns(callsLink), share, calls, ...tokenColumns(callsLink)];
  return cut.id === 'model' ? [...all, price] : all;
}
