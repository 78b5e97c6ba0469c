// SPDX-License-Identifier: Apache-2.0

import type { UnknownToken } from '../model/queryText';
import { Tag } from '../ui/Tag';
import styles from './UnknownTokens.module.css';

/** Words that were typed as filters and are none: nothing is narrowed by half of what was typed. */
export function UnknownTokens(props: { readonly tokens: readonly UnknownToken[] }) {
  return (
    <ul className={styles.unknown} data-testid="unknown-filters" role="alert">
      {props.tokens.map(({ text, nearest, expected }) => (
        <li key={text}>
          <Tag tone="error">{text}</Tag> is no filter:{' '}
          {nearest === undefined ? `expected ${expected}.` : `did you mean ${nearest}?`}
        </li>
      ))}
    </ul>
  );
}
