// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import {
  absent,
  formatCompact,
  formatCount,
  formatDuration,
  formatPercent,
  formatUsd,
} from '../base/format';
import type { SearchTexts } from '../model/searchTexts';
import { stepTimes, valuesOver } from '../model/sums';
import type { SumGroup, Sums } from '../model/sums';
import { Tile, TileRow } from '../ui/Tile';
import { CostText } from './CostText';
import { RunsLink } from './links';
import { tileChange, tilePoints } from './tileChange';

/** The measures that the tiles need. */
export const tileMeasures = ['count', 'failed', 'failure_rate', 'p95_duration', 'cost', 'tokens'];

interface SumTilesProps {
  readonly label: string;
  /** Undefined while it is loading. */
  readonly sums: Sums | undefined;
  readonly before: Sums | undefined;
  /** The runs that the figures are of. */
  readonly runs: SearchTexts;
  /** Beside the number of runs. */
  readonly note?: ReactNode;
}

function perHour(value: number | undefined, sums: Sums | undefined): number | undefined {
  if (value === undefined || sums === undefined) return undefined;
  return (value * 3_600_000) / Math.max(1, sums.period.toMs - sums.period.fromMs);
}

/** Against a handful of runs every change is large and none says anything. */
const leastRunsBefore = 20;

function comparable(group: SumGroup | undefined): SumGroup | undefined {
  return (group?.values['count'] ?? 0) >= leastRunsBefore ? group : undefined;
}

function rateOf(group: SumGroup | undefined): number | undefined {
  // A share of nothing is not zero.
  return (group?.values['count'] ?? 0) > 0 ? group?.values['failure_rate'] : undefined;
}

function durationOf(group: SumGroup | undefined): number | undefined {
  return (group?.values['count'] ?? 0) > 0 ? group?.values['p95_duration'] : undefined;
}

/** Runs, failures, duration, cost and tokens of a time, each with its course and a way to its runs. */
export function SumTiles(props: SumTilesProps) {
  const { sums, before, runs } = props;
  const now = sums?.groups[0];
  const then = comparable(before?.groups[0]);
  const times = sums === undefined ? [] : stepTimes(sums);
  const trend = (measure: string) =>
    sums === undefined ? undefined : valuesOver(now, measure, times);
  // Undefined is a figure still to come: what is known to be absent is a dash.
  const shown = (figure: ReactNode, search = runs): ReactNode =>
    sums === undefined ? undefined : <RunsLink search={search}>{figure}</RunsLink>;
  const count = sums === undefined ? undefined : (now?.values['count'] ?? 0);
  const costPerHour = perHour(now?.values['cost'], sums);
  const tokensPerHour = perHour(now?.values['tokens'], sums);
  return (
    <TileRow label={props.label} testId="tiles">
      <Tile
        label="Runs"
        value={shown(formatCount(count))}
        change={tileChange(count, then?.values['count'])}
        trend={trend('count')}
        note={props.note}
      />
      <Tile
        label="Failure rate"
        value={shown(formatPercent(rateOf(now)), { ...runs, status: 'failed' })}
        change={tilePoints(rateOf(now), rateOf(then))}
        trend={trend('failure_rate')}
        colour="var(--error)"
        note={now === undefined ? undefined : `${formatCount(now.values['failed'] ?? 0)} failed`}
      />
      <Tile
        label="Duration, p95"
        title="19 of 20 runs took no longer"
        value={shown(formatDuration(durationOf(now)), {
          ...runs,
          min_duration: durationOf(now)?.toPrecision(3),
          sort: '-duration',
        })}
        change={tileChange(durationOf(now), durationOf(then), 'less')}
        trend={trend('p95_duration')}
        colour="var(--series-5)"
      />
      <Tile
        label="Cost"
        value={shown(now === undefined ? absent : <CostText cost={now.cost} />, {
          ...runs,
          sort: '-cost',
        })}
        change={tileChange(now?.values['cost'], then?.values['cost'])}
        trend={trend('cost')}
        colour="var(--series-2)"
        note={costPerHour === undefined ? undefined : `${formatUsd(costPerHour)} an hour`}
      />
      <Tile
        label="Tokens"
        title={formatCount(now?.values['tokens'])}
        value={shown(formatCompact(now === undefined ? undefined : now.values['tokens']), {
          ...runs,
          sort: '-tokens',
        })}
        change={tileChange(now?.values['tokens'], then?.values['tokens'])}
        trend={trend('tokens')}
        colour="var(--series-6)"
        note={
          tokensPerHour === undefined
            ? undefined
            : `${formatCompact(Math.round(tokensPerHour / 60))} a minute`
        }
      />
    </TileRow>
  );
}
