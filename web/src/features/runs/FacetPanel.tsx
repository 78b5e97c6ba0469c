// SPDX-License-Identifier: Apache-2.0

import { useRef, useState } from 'react';
import type { useFacets } from '../../api/facetQueries';
import { facetFields, keepOrder, notCounted, withChosen } from '../../model/facets';
import type { FacetKey, FacetValue } from '../../model/facets';
import type { RunFilter } from '../../model/filterFields';
import type { SearchTexts } from '../../model/searchTexts';
import { ErrorNotice, Skeleton } from '../../ui/Notice';
import { FacetList } from '../../ui/FacetList';
import { useIsRead } from '../../ui/useIsRead';
import styles from './FacetPanel.module.css';
import { RangeFacets } from './RangeFacets';
import { texts, wideCounts } from './texts';

type Order = Readonly<Partial<Record<FacetKey, readonly FacetValue[]>>>;

/** The values that the runs have, with counts. No value moves while the pointer or the focus is here. */
export function FacetPanel(props: {
  readonly query: ReturnType<typeof useFacets>;
  readonly filter: RunFilter;
  readonly onChange: (change: SearchTexts) => void;
}) {
  const { query, filter, onChange } = props;
  const box = useRef<HTMLDivElement>(null);
  const isRead = useIsRead(box);
  const [order, setOrder] = useState<Order>();
  const { data } = query;
  if (isRead && order === undefined && data !== undefined)
    setOrder(Object.fromEntries(data.map(({ key, values }) => [key, values])));
  if (!isRead && order !== undefined) setOrder(undefined);
  const wide = wideCounts(notCounted(filter));
  return (
    <div ref={box} className={styles.panel} data-testid="facets" aria-busy={query.isPending}>
      <h2 className="visually-hidden">{texts.facets}</h2>
      {wide !== undefined && <p className={styles.wide}>{wide}</p>}
      {query.isError && (
        <ErrorNotice
          message={`Cannot count runs: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      <RangeFacets filter={filter} onChange={onChange} />
      {query.isPending && <FacetsSkeleton />}
      {data !== undefined &&
        facetFields.map((field) => {
          const { key, label } = field;
          const facet = data.find((one) => one.key === key);
          const values = keepOrder(order?.[key], facet?.values ?? []);
          return (
            <FacetList
              key={key}
              label={label}
              note={'note' in field ? field.note : undefined}
              items={withChosen(values, filter[key]).map(({ value, count, failed }) => ({
                id: value,
                count,
                failed: key === 'status' ? 0 : failed,
              }))}
              total={facet?.totalValues ?? 0}
              chosen={filter[key]}
              onToggle={(value) => onChange({ [key]: filter[key] === value ? undefined : value })}
            />
          );
        })}
    </div>
  );
}

const skeletonLines = [4, 6, 5];

function FacetsSkeleton() {
  return skeletonLines.map((lines, index) => (
    <div key={index} className={styles.lines}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} width={`${85 - ((line * 23) % 40)}%`} />
      ))}
    </div>
  ));
}
