// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useMonthEnd } from '../../api/costQueries';
import { absent, formatCompact, formatCount, formatPercent, formatUsd } from '../../base/format';
import type { Aggregate } from '../../model/aggregate';
import { formatCost } from '../../model/cost';
import type { RunFilter } from '../../model/filterFields';
import type { Forecast } from '../../model/forecast';
import { filterTexts } from '../../model/pageAddress';
import { totalSpending } from '../../model/spending';
import type { Spending } from '../../model/spending';
import { Tile, TileRow } from '../../ui/Tile';
import { useUtcOffset } from './useCosts';

/** Of what nobody knows a price, in words; undefined where all is known. */
function unpricedNote(spending: Spending): string | undefined {
  const { unpricedCalls } = spending;
  return unpricedCalls === 0
    ? undefined
    : `without ${formatCount(unpricedCalls)} unpriced ${unpricedCalls === 1 ? 'call' : 'calls'}`;
}

export function CostTiles(props: {
  readonly whole: Aggregate | undefined;
  readonly filter: RunFilter;
  readonly isHeld: boolean;
}) {
  const { whole, filter } = props;
  const search = filterTexts(filter);
  const all = whole === undefined ? undefined : totalSpending(whole);
  return (
    <TileRow label="Totals" testId="cost-tiles">
      <Tile
        label="Cost"
        testId="total-cost"
        value={
          all && (
            <Link
              to="/runs"
              search={{ ...search, sort: '-cost' }}
              title="The runs that cost it, the most expensive first"
            >
              {formatCost(all.cost)}
            </Link>
          )
        }
        note={all && unpricedNote(all)}
      />
      <MonthEndTile filter={filter} isHeld={props.isHeld} />
      <Tile
        label="Model calls"
        value={
          all && (
            <Link to="/calls" search={search} title="Those of language models">
              {formatCount(all.calls)}
            </Link>
          )
        }
      />
      <Tile
        label="Tokens"
        value={
          all && (
            <Link to="/cost" search={{ ...search, by: 'tokens' }} title={formatCount(all.tokens)}>
              {formatCompact(all.tokens)}
            </Link>
          )
        }
        note="by kind"
      />
      <Tile
        label="Input from a cache"
        value={all && formatPercent(all.cacheRate)}
        title="Tokens of input that came from a cache, of all tokens of input"
      />
    </TileRow>
  );
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function monthName(month: string): string {
  return monthNames[Number(month.slice(5, 7)) - 1] ?? month;
}

/** Why there is no projection; undefined where there can be one. */
function noProjection(filter: RunFilter): string | undefined {
  const { agent, session_id: session, user_id: user, service } = filter;
  return [agent, session, user, service].some((value) => value !== undefined)
    ? 'only of all runs or of one workflow'
    : undefined;
}

/** What this month comes to, whatever time the rest of the page is about. */
function MonthEndTile(props: { readonly filter: RunFilter; readonly isHeld: boolean }) {
  const { filter, isHeld } = props;
  const query = useMonthEnd(filter.workflow_id, useUtcOffset(), isHeld);
  const refused = noProjection(filter);
  if (refused !== undefined) return <Tile label="This month" value={absent} note={refused} />;
  if (query.isError) return <Tile label="This month" value={absent} note={query.error.message} />;
  if (query.data === undefined) return <Tile label="This month" value={undefined} />;
  return <Projection forecast={query.data} workflowId={filter.workflow_id} />;
}

function Projection(props: {
  readonly forecast: Pick<Forecast, 'monthEnd' | 'message' | 'unpricedCalls'>;
  readonly workflowId: string | undefined;
}) {
  const { monthEnd, message, unpricedCalls } = props.forecast;
  if (monthEnd === undefined)
    return <Tile label="This month" value={absent} note={message ?? 'nothing is known yet'} />;
  const { month, soFar, expected, low, high, basis } = monthEnd;
  const doubts = [
    basis === 'little_data' && 'little past: the band is a rule of thumb',
    unpricedCalls > 0 && 'without unpriced calls',
  ].filter((doubt) => doubt !== false);
  return (
    <Tile
      label={`${monthName(month)}, expected`}
      testId="month-end"
      title={['80 % band', ...doubts, message].filter((text) => text !== undefined).join('. ')}
      value={
        <Link
          to="/cost"
          search={{ from: `${month}-01T00:00:00Z`, workflow_id: props.workflowId, by: 'model' }}
          title="The cost of the month so far"
        >
          {formatUsd(expected)}
        </Link>
      }
      note={`${formatUsd(low)} – ${formatUsd(high)}; so far ${formatUsd(soFar)}`}
    />
  );
}
