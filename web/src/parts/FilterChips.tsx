// SPDX-License-Identifier: Apache-2.0

import { describePart, filterParts } from '../model/filterFields';
import type { RunFilter } from '../model/filterFields';
import { Icon } from '../ui/Icon';
import styles from './FilterChips.module.css';
import type { SearchTexts } from '../model/searchTexts';

/** Each part of a filter in words, with the way to take it away. */
export function FilterChips(props: {
  readonly filter: RunFilter;
  readonly onChange: (change: SearchTexts) => void;
}) {
  return (
    <ul className={styles.chips} aria-label="Filters in use" data-testid="filters">
      {filterParts(props.filter).map((part) => (
        <li key={part.key}>
          <button
            type="button"
            className={styles.chip}
            title={`Take away: ${describePart(part)}`}
            onClick={() => props.onChange({ [part.key]: undefined })}
          >
            <span className="visually-hidden">Take away: </span>
            <bdi>{describePart(part)}</bdi>
            <Icon name="close" size={10} />
          </button>
        </li>
      ))}
    </ul>
  );
}
