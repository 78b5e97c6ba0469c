// SPDX-License-Identifier: Apache-2.0

import type { CSSProperties } from 'react';
import type { Span } from '../../model/span';
import { layoutSpan } from '../../model/spanLayout';
import type { TimeScale } from '../../model/spanLayout';
import { kindColour } from '../../parts/kindColour';
import styles from './SpanTree.module.css';

/** Close to the right edge an open end would be cut off; it is then drawn to the left of its start. */
const openEdge = 0.9;

/** When a span ran, on the time axis of its row. */
export function SpanBar(props: { readonly span: Span; readonly scale: TimeScale }) {
  const { span, scale } = props;
  const shape = layoutSpan(scale, span);
  if (shape.kind === 'none') return <span className={styles.axis} />;
  const style: CSSProperties & Record<'--row-colour', string> = {
    '--row-colour': kindColour(span.kind),
    left: `${shape.left * 100}%`,
  };
  if (shape.kind === 'open') {
    return (
      <span className={styles.axis} title="Not ended: its duration is not known yet">
        <span
          className={styles.open}
          style={style}
          data-edge={shape.left > openEdge}
          data-shape="open"
        />
      </span>
    );
  }
  // Half a percent from the right edge, a bar of minimal width would stick out.
  style.left = `min(${shape.left * 100}%, 100% - 2px)`;
  style.width = `${shape.width * 100}%`;
  return (
    <span className={styles.axis}>
      <span
        className={styles.bar}
        style={style}
        data-failed={span.status === 'failed'}
        data-shape="bar"
      />
    </span>
  );
}
