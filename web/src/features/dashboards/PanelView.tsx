// SPDX-License-Identifier: Apache-2.0

import { useContext } from 'react';
import { usePanelSums } from '../../api/dashboardQueries';
import { filledFilters } from '../../model/dashboard';
import type { Panel, PanelQuery } from '../../model/dashboard';
import type { RunFilter } from '../../model/filterFields';
import { isOverTime, keysOf, problemOf } from '../../model/panelQuery';
import { periodOf, readPageScope, stepFor } from '../../model/period';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/Notice';
import { Markdown } from '../../ui/Markdown';
import { BarsPanel } from './BarsPanel';
import { FigurePanel } from './FigurePanel';
import { HeatMap, TimeHeatMap } from './HeatMap';
import { PanelScopeContext } from './panelScope';
import type { PanelSums } from './panelSums';
import { TablePanel } from './TablePanel';
import { texts } from './texts';
import { TopList } from './TopList';
import { TrendPanel } from './TrendPanel';

const year = '366d';
/** Steps of time of a line; bars and cells need room. */
const steps = { trend: 60, bars: 48, heatmap: 24 } as const;
/** The server answers with no more steps than this. */
const mostSteps = 1500;

/** Seconds of a step of time where a panel shows them: as it asks, if they are not too many. */
function bucketOf(panel: Panel, query: PanelQuery, time: RunFilter): number | undefined {
  const { kind } = panel;
  if (!isOverTime(kind, query)) return undefined;
  const { stretch } = readPageScope({ t: time.t, from: time.from, to: time.to }, year);
  const period = periodOf(stretch, Date.now());
  if (query.bucket !== undefined) return Math.max(query.bucket, stepFor(period, mostSteps));
  return stepFor(period, kind === 'bars' || kind === 'heatmap' ? steps[kind] : steps.trend);
}

/** What a panel shows, in whichever state its answer is. */
export function PanelView(props: { readonly panel: Panel }) {
  const { panel } = props;
  const { time, values, isHeld } = useContext(PanelScopeContext);
  const problem = problemOf(panel);
  const query = problem === undefined && panel.kind !== 'text' ? panel.query : undefined;
  const filters = query === undefined ? {} : filledFilters(query, values);
  const bucket = query === undefined ? undefined : bucketOf(panel, query, time);
  const sums = usePanelSums(query, filters, time, bucket, isHeld);
  if (panel.kind === 'text') return <Markdown text={panel.text} />;
  if (problem !== undefined) return <EmptyState title={problem} isCompact />;
  if (query === undefined) return <EmptyState title={texts.nothingAsked} isCompact />;
  if (sums.isError)
    return <ErrorNotice message={sums.error.message} onRetry={() => void sums.refetch()} />;
  if (sums.data === undefined) return <Skeleton width="70%" />;
  if (sums.data.groups.length === 0) return <EmptyState title={texts.nothing} isCompact />;
  return <PanelBody panel={panel} query={query} filters={filters} sums={sums.data} />;
}

function PanelBody(props: PanelSums) {
  const { panel, query } = props;
  switch (panel.kind) {
    case 'figure':
      return <FigurePanel {...props} />;
    case 'trend':
      return <TrendPanel {...props} />;
    case 'bars':
      return <BarsPanel {...props} />;
    case 'top':
      return <TopList {...props} />;
    case 'heatmap':
      return keysOf(query).length === 1 ? <TimeHeatMap {...props} /> : <HeatMap {...props} />;
    case 'table':
      return <TablePanel {...props} />;
    case 'text':
      return undefined;
  }
}
