// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import type { SomeValues } from './linePath';
import { Skeleton } from './Notice';
import { Sparkline } from './Sparkline';
import type { Tone } from './Tag';
import styles from './Tile.module.css';

/** A figure against the stretch of time before. */
export interface TileChange {
  readonly text: string;
  /** Whether it is for the better; `quiet` where nobody can say. */
  readonly tone: Tone;
  /** What it is compared with. */
  readonly title: string;
}

export interface TileProps {
  readonly label: string;
  /** The figure, as a link to what it counts; undefined while it is loading. */
  readonly value: ReactNode;
  readonly title?: string;
  readonly change?: TileChange | undefined;
  readonly trend?: SomeValues | undefined;
  readonly colour?: string;
  /** What stands below the figure, such as a note that something is not part of it. */
  readonly note?: ReactNode;
  readonly testId?: string;
}

/** One figure with how it moved. Tiles stand in a `TileRow`. */
export function Tile(props: TileProps) {
  const { label, value, title, change, trend, colour, note } = props;
  return (
    <div className={styles.tile} title={title} data-testid={props.testId}>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>{value ?? <Skeleton width={64} />}</dd>
      <dd className={styles.below}>
        {change !== undefined && (
          <span className={styles.change} data-tone={change.tone} title={change.title}>
            {change.text}
            <span className="visually-hidden"> {change.title}</span>
          </span>
        )}
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </dd>
      <dd className={styles.spark} aria-hidden="true">
        {trend !== undefined && (
          <Sparkline values={trend} width={84} {...(colour === undefined ? {} : { colour })} />
        )}
      </dd>
    </div>
  );
}

export function TileRow(props: {
  readonly label: string;
  readonly children: ReactNode;
  readonly testId?: string;
}) {
  return (
    <section aria-label={props.label} data-testid={props.testId}>
      <dl className={styles.row}>{props.children}</dl>
    </section>
  );
}
