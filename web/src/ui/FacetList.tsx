// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { formatCount } from '../base/format';
import { Button } from './Button';
import styles from './FacetList.module.css';

export interface FacetItem {
  /** Empty stands for no value, which cannot be chosen. */
  readonly id: string;
  readonly count: number;
  readonly failed: number;
}

/** Values that are shown until the reader asks for all. */
const fewItems = 8;

/** The values of one field with counts; each is a button that narrows a list to it and back. */
export function FacetList(props: {
  readonly label: string;
  /** What the numbers count, where it is not what the list shows. */
  readonly note?: string | undefined;
  readonly items: readonly FacetItem[];
  /** Values there are, also those that are not among the items. */
  readonly total: number;
  readonly chosen: string | undefined;
  readonly onToggle: (id: string) => void;
}) {
  const { label, items, chosen } = props;
  const [isWhole, setWhole] = useState(false);
  const shown = items.filter(({ id }, index) => isWhole || index < fewItems || id === chosen);
  const hidden = items.length - shown.length;
  const missing = Math.max(0, props.total - items.length);
  const most = Math.max(1, ...items.map(({ count }) => count));
  return (
    <section className={styles.facet} aria-label={label}>
      <h3 title={props.note}>
        {label}
        {props.note !== undefined && <span className="visually-hidden">: {props.note}</span>}
        {props.note !== undefined && <span aria-hidden="true">*</span>}
      </h3>
      <ul>
        {shown.map((item) => (
          <li key={item.id} className={styles.item}>
            <FacetRow item={item} isChosen={item.id === chosen} onToggle={props.onToggle} />
            <span
              className={styles.share}
              style={{ width: `${(100 * item.count) / most}%` }}
              aria-hidden="true"
            />
          </li>
        ))}
      </ul>
      {items.length === 0 && <p className={styles.none}>none</p>}
      {(hidden > 0 || isWhole) && items.length > fewItems && (
        <Button fit="small" look="quiet" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Fewer' : `${formatCount(hidden)} more`}
          <span className="visually-hidden"> of {label}</span>
        </Button>
      )}
      {isWhole && missing > 0 && (
        <p className={styles.none}>and {formatCount(missing)} rarer, found by the search</p>
      )}
    </section>
  );
}

function FacetRow(props: {
  readonly item: FacetItem;
  readonly isChosen: boolean;
  readonly onToggle: (id: string) => void;
}) {
  const { item, isChosen, onToggle } = props;
  const { id, count, failed } = item;
  const content = (
    <>
      <bdi className={styles.name}>{id === '' ? 'none' : id}</bdi>
      {failed > 0 && (
        <span className={styles.failed}>
          {formatCount(failed)}
          <span className="visually-hidden"> failed of</span>
        </span>
      )}
      <span className={styles.count}>{formatCount(count)}</span>
    </>
  );
  const title = `${id === '' ? 'No value' : id}: ${formatCount(count)}, ${formatCount(failed)} failed`;
  if (id === '')
    return (
      <span className={styles.row} title={title}>
        {content}
      </span>
    );
  return (
    <button
      type="button"
      className={styles.row}
      aria-pressed={isChosen}
      title={title}
      onClick={() => onToggle(id)}
    >
      {content}
    </button>
  );
}
