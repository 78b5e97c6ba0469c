// SPDX-License-Identifier: Apache-2.0

import { useRef, useState } from 'react';
import { useRunHistogram } from '../../api/facetQueries';
import { notCounted } from '../../model/facets';
import type { RunFilter } from '../../model/filterFields';
import type { Counts } from '../../model/sums';
import { RunsOverTime } from '../../parts/RunsOverTime';
import { ErrorNotice, Skeleton } from '../../ui/Notice';
import { useIsRead } from '../../ui/useIsRead';
import styles from './RunHistogram.module.css';
import { texts, wideCounts } from './texts';

const barsHeight = 48;

interface HeldCounts {
  readonly key: string;
  readonly counts: Counts;
}

/** How many of the runs began when. What is chosen in it becomes the time of the page. */
export function RunHistogram(props: {
  readonly filter: RunFilter;
  readonly isWanted: boolean;
  readonly isHeld: boolean;
}) {
  const { filter } = props;
  const query = useRunHistogram(filter, props.isWanted, props.isHeld);
  const box = useRef<HTMLDivElement>(null);
  const isRead = useIsRead(box);
  const [held, setHeld] = useState<HeldCounts>();
  const key = JSON.stringify(filter);
  const { data, isPlaceholderData } = query;
  // Bars stay below the pointer until it leaves or asks for others.
  if (isRead && held?.key !== key && data !== undefined && !isPlaceholderData)
    setHeld({ key, counts: data });
  if (!isRead && held !== undefined) setHeld(undefined);
  const counts = held?.key === key ? held.counts : data;
  const wide = wideCounts(notCounted(filter));
  return (
    <div ref={box} className={styles.strip} data-testid="run-histogram">
      {query.isError && (
        <ErrorNotice
          message={`Cannot count runs over time: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      {counts === undefined && !query.isError && <Skeleton width="100%" />}
      {counts !== undefined && !query.isError && (
        <RunsOverTime label={texts.runsOverTime} counts={counts} height={barsHeight} />
      )}
      {wide !== undefined && (
        <span className={styles.wide} title={wide}>
          {wide}
        </span>
      )}
    </div>
  );
}
