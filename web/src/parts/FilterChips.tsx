// SPDX-License-Identifier: Apache-2.0

import { describePart, filterParts } from '../model/filterFields';
import type { RunFilter } from '../model/filterFields';
import { Icon } from '../ui/Icon';
import styles from './FilterChips.module.css';
import type { SearchTexts } from '../model/searchTexts';

export interface Chip {
  /** What it stands for in the address. */
  readonly key: string;
  readonly text: string;
}

/** Each part of a filter of runs in words, with the way to take it away. */
export function FilterChips(props: {
  readonly filter: RunFilter;
  readonly onChange: (change: SearchTexts) => void;
}) {
  const chips = filterParts(props.filter).map((part) => ({
    key: part.key,
    text: describePart(part),
  }));
  return <Chips chips={chips} onChange={props.onChange} />;
}

export function Chips(props: {
  readonly chips: readonly Chip[];
  readonly onChange: (change: SearchTexts) => void;
}) {
  return (
    <ul className={styles.chips} aria-label="Filters in use" data-testid="filters">
      {props.chips.map(({ key, text }) => (
        <li key={key}>
          <button
            type="button"
            className={styles.chip}
            title={`Take away: ${text}`}
            onClick={() => props.onChange({ [key]: undefined })}
          >
            <span className="visually-hidden">Take away: </span>
            <bdi>{text}</bdi>
            <Icon name="close" size={10} />
          </button>
        </li>
      ))}
    </ul>
  );
}
