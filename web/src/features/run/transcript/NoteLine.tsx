// SPDX-License-Identifier: Apache-2.0

import { formatDuration } from '../../../base/format';
import type { Span } from '../../../model/span';
import { previewOf } from '../../../model/spanPreview';
import { KindIcon } from '../../../parts/KindIcon';
import type { RunState } from '../useRunState';
import { Row } from './Row';
import styles from './Transcript.module.css';

/** A guardrail, a look-up and the like, in a line. */
export function NoteLine(props: { readonly span: Span; readonly state: RunState }) {
  const { span, state } = props;
  const preview = previewOf(span);
  return (
    <Row
      state={state}
      span={span}
      label={`${span.kind} ${span.title}`}
      figures={span.endNs === undefined ? [] : [formatDuration(span.durationSeconds)]}
    >
      <div className={styles.note}>
        <KindIcon kind={span.kind} />
        <span>{span.title}</span>
        {preview !== undefined && (
          <span
            className={preview.tone === 'error' ? styles.error : styles.muted}
            dir="auto"
            title={preview.text}
          >
            {preview.text}
          </span>
        )}
      </div>
    </Row>
  );
}
