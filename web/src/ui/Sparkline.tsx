// SPDX-License-Identifier: Apache-2.0

import { linePath } from './linePath';
import type { SomeValues } from './linePath';
import styles from './Sparkline.module.css';

/** How a figure moved, without axes: decoration beside a figure that says it in text. */
export function Sparkline(props: {
  readonly values: SomeValues;
  readonly width?: number;
  readonly height?: number;
  /** A style such as `var(--error)`. */
  readonly colour?: string;
}) {
  const { values, width = 96, height = 22, colour = 'var(--accent)' } = props;
  const path = linePath(values, { width, height });
  return (
    <svg
      className={styles.spark}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} stroke={colour} />
    </svg>
  );
}
