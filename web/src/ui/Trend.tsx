// SPDX-License-Identifier: Apache-2.0

import { lazy, Suspense } from 'react';
import { Skeleton } from './Notice';
import type { TrendProps } from './trendTypes';

/** The library that draws it is loaded with the first one. */
const TrendPlot = lazy(async () => ({ default: (await import('./TrendPlot')).TrendPlot }));

/** Series over time, with axes, bands and a choice of time. */
export function Trend(props: TrendProps) {
  const { height = 180 } = props;
  return (
    <Suspense
      fallback={
        <div style={{ height: height === 'fill' ? '100%' : height + 24 }}>
          <Skeleton width="100%" />
        </div>
      }
    >
      <TrendPlot {...props} height={height} />
    </Suspense>
  );
}
