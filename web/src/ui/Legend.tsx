// SPDX-License-Identifier: Apache-2.0

import styles from './Legend.module.css';

export interface LegendItem {
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  /** The value at the place that is looked at, or of all. */
  readonly text: string;
}

/** What the colours of a drawing stand for, with the values at the place that is looked at. */
export function Legend(props: { readonly title: string; readonly items: readonly LegendItem[] }) {
  return (
    <div className={styles.legend}>
      <span className={styles.title}>{props.title}</span>
      {props.items.map(({ id, label, colour, text }) => (
        <span key={id} className={styles.item}>
          <span className={styles.swatch} style={{ background: colour }} />
          <bdi>{label}</bdi> <span className={styles.text}>{text}</span>
        </span>
      ))}
    </div>
  );
}
