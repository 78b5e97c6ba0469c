// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import { plural } from '../../../base/format';
import { plainLine } from '../../../model/plainLine';
import type { TranscriptAgent } from '../../../model/transcript';
import type { RunState } from '../useRunState';
import { figuresOf, Row } from './Row';
import styles from './Transcript.module.css';

/** An agent inside another: what it was to do, what came of it, and, opened, how. */
export function AgentCard(props: {
  readonly agent: TranscriptAgent;
  readonly state: RunState;
  readonly isTop: boolean;
  /** The selected span is inside of it. */
  readonly isAround: boolean;
  readonly children: () => ReactNode;
}) {
  const { agent, state, isTop, isAround } = props;
  const { span } = agent;
  const [isOpen, setOpen] = useState(isTop);
  const [wasAround, setWasAround] = useState(false);
  if (wasAround !== isAround) {
    // What is selected, is shown.
    setWasAround(isAround);
    if (isAround) setOpen(true);
  }
  const name = agent.name ?? span.title;
  const errors = span.rollUp?.errors ?? 0;
  return (
    <Row state={state} span={span} label={`agent ${name}`} figures={figuresOf(span)}>
      <details
        className={styles.agent}
        data-status={span.status}
        open={isOpen}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary>
          <span className={styles.agentName}>
            {isTop ? 'agent' : 'sub-agent'} {name}
          </span>{' '}
          {span.inputPreview !== undefined && (
            <span dir="auto">“{plainLine(span.inputPreview)}”</span>
          )}
          {errors > 0 && <span className={styles.error}> {plural(errors, 'error')}</span>}
        </summary>
        {!isOpen && span.outputPreview !== undefined && (
          <div className={styles.muted} dir="auto">
            → {plainLine(span.outputPreview)}
          </div>
        )}
        {isOpen && props.children()}
        {isOpen && span.status === 'failed' && (
          <p className={styles.error} dir="auto">
            {span.errorMessage ?? span.errorType}
          </p>
        )}
      </details>
    </Row>
  );
}
