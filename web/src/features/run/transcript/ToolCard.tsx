// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { formatDuration } from '../../../base/format';
import { firstLine, resultSummary } from '../../../model/toolSummary';
import type { ToolUse } from '../../../model/transcript';
import { BodyView } from '../../../parts/BodyView';
import type { RunState } from '../useRunState';
import { Row } from './Row';
import styles from './Transcript.module.css';

/** A tool as it was called and what it gave, in a line that opens. */
export function ToolCard(props: { readonly tool: ToolUse; readonly state: RunState }) {
  const { tool, state } = props;
  const { span, args, result } = tool;
  const [isOpen, setOpen] = useState(false);
  const isFailed = span?.status === 'failed';
  const asked = args === undefined ? undefined : firstLine(args);
  const given = isFailed
    ? (span.errorMessage?.split('\n', 1)[0] ?? span.errorType ?? 'failed')
    : result === undefined
      ? undefined
      : resultSummary(result);
  const isRunning = span !== undefined && span.endNs === undefined;
  return (
    <Row
      state={state}
      span={span}
      label={`tool ${tool.name}`}
      figures={span === undefined || isRunning ? [] : [formatDuration(span.durationSeconds)]}
    >
      <details
        className={styles.tool}
        data-status={span?.status}
        open={isOpen}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary>
          <span className={styles.toolName}>{tool.name}</span>
          <code className={styles.toolArgs} dir="auto">
            {asked}
          </code>
          <span className={styles.toolResult} dir="auto" data-failed={isFailed}>
            {isRunning ? 'running…' : given === undefined ? '' : isFailed ? given : `→ ${given}`}
          </span>
        </summary>
        {isOpen && (
          <div className={styles.toolBody}>
            {args !== undefined && <BodyView body={args} />}
            {result !== undefined && (
              <>
                <span className={styles.role}>result</span>
                <BodyView body={result} />
              </>
            )}
            {isFailed && <p className={styles.error}>{span.errorMessage ?? span.errorType}</p>}
            {span === undefined && (
              <p className={styles.muted}>No span tells of how this call went.</p>
            )}
          </div>
        )}
      </details>
    </Row>
  );
}
