// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { useAggregate } from '../../api/aggregateQueries';
import type { AggregateRequest } from '../../api/aggregateQueries';
import { useStartedFilter } from '../../api/costQueries';
import { offsetText } from '../../base/clock';
import { nsToDate, parseTimestampNs } from '../../base/time';
import { niceBucket } from '../../model/aggregate';
import type { Cut } from '../../model/costCuts';
import type { RunFilter } from '../../model/filterFields';
import { costMeasures } from '../../model/spending';
import { readTimeRange } from '../../model/timeRange';
import { usePreferences } from '../../ui/preferences';

const mostRows = 100;
/** Models are few; a provider is all of its models. */
const mostModels = 300;

/** How long the time of a filter is, in seconds. */
function secondsOf(filter: RunFilter, nowMs: number): number {
  if (filter.t !== undefined) return readTimeRange(filter.t) ?? 0;
  const msOf = (text: string | undefined): number | undefined => {
    const ns = text === undefined ? undefined : parseTimestampNs(text);
    return ns === undefined ? undefined : nsToDate(ns).getTime();
  };
  const from = msOf(filter.from);
  return from === undefined ? 366 * 86_400 : ((msOf(filter.to) ?? nowMs) - from) / 1000;
}

export function useUtcOffset(): string {
  const { zone } = usePreferences();
  return offsetText(zone, new Date());
}

function useBucket(filter: RunFilter | undefined): number | undefined {
  // A step of time is for hours of looking: that the time goes on makes no other one.
  const [nowMs] = useState(() => Date.now());
  return filter === undefined ? undefined : niceBucket(secondsOf(filter, nowMs));
}

/** The sums of a cut and of everything, over time. */
export function useCosts(asked: RunFilter, cut: Cut, isHeld: boolean) {
  const started = useStartedFilter(asked);
  const { filter } = started;
  const utcOffset = useUtcOffset();
  const bucketSeconds = useBucket(filter);
  const request = (more: Partial<AggregateRequest>): AggregateRequest | undefined =>
    filter === undefined
      ? undefined
      : { of: 'steps', measures: costMeasures, by: [], filter, utcOffset, bucketSeconds, ...more };
  const sort = cut.shows === 'count' ? '-count' : '-cost';
  const limit = cut.id === 'provider' || cut.id === 'model' ? mostModels : mostRows;
  const whole = useAggregate(request({}), isHeld);
  const wholeOfKind = useAggregate(
    cut.kind === undefined ? undefined : request({ kind: cut.kind }),
    isHeld,
  );
  const ofCut = useAggregate(
    cut.by.length === 0 ? undefined : request({ by: cut.by, kind: cut.kind, sort, limit }),
    isHeld,
  );
  const unpriced = useAggregate(
    request({ by: ['model'], sort: '-unpriced_calls', limit: mostRows, bucketSeconds: undefined }),
    isHeld,
  );
  return {
    filter,
    startError: started.error,
    retryStart: started.retry,
    whole,
    /** The sum of all rows of the cut. */
    sum: cut.kind === undefined ? whole : wholeOfKind,
    rows: cut.by.length === 0 ? whole : ofCut,
    unpriced,
  };
}
