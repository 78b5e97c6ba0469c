// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import styles from './Bars.module.css';

export interface Bar {
  readonly id: string;
  /** The name, best as a link. */
  readonly label: ReactNode;
  /** Length of the bar; undefined where it is not known. */
  readonly value: number | undefined;
  /** The value in words, best as a link to what it counts. */
  readonly text: ReactNode;
  readonly title?: string | undefined;
  /** A style such as `var(--error)`. */
  readonly colour?: string | undefined;
}

/** Values side by side, each with its name: longer is more. */
export function Bars(props: {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** The value of a whole bar; that of the largest if not given. */
  readonly most?: number;
  readonly testId?: string;
}) {
  const { bars } = props;
  const most = props.most ?? Math.max(0, ...bars.map(({ value }) => value ?? 0));
  return (
    <ul className={styles.bars} aria-label={props.label} data-testid={props.testId}>
      {bars.map((bar) => (
        <li key={bar.id} className={styles.bar} title={bar.title}>
          <bdi className={styles.label}>{bar.label}</bdi>
          <span className={styles.track} aria-hidden="true">
            <span
              className={styles.fill}
              style={{
                width: `${most > 0 ? (100 * Math.max(0, bar.value ?? 0)) / most : 0}%`,
                background: bar.colour,
              }}
            />
          </span>
          <span className={styles.text}>{bar.text}</span>
        </li>
      ))}
    </ul>
  );
}
