// SPDX-License-Identifier: Apache-2.0

import { agentAbove } from '../../model/agentThread';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import styles from './SignNotices.module.css';
import type { RunState } from './useRunState';

/** What a failed run failed of, where that was, and the way there. */
export function CauseBanner(props: { readonly state: RunState }) {
  const { state } = props;
  const { tree, run } = state.view;
  const [cause] = state.errors;
  const row = cause === undefined ? undefined : tree.indexById.get(cause);
  const span = row === undefined ? undefined : tree.nodes[row]?.span;
  if (run.status !== 'failed' || span === undefined || row === undefined) return undefined;
  const agent = tree.nodes[agentAbove(tree, row)]?.span.title;
  const message =
    span.errorMessage?.split('\n', 1)[0] ?? span.errorType ?? 'failed without a message';
  return (
    <div className={styles.cause} data-testid="cause" role="status" aria-label="Cause">
      <Icon name="alert" size={13} />
      <strong>Cause</strong>
      <span className={styles.message} dir="auto" title={span.errorMessage}>
        {message}
      </span>
      <span className={styles.time}>
        in {span.title}
        {agent !== undefined && agent !== span.title && ` of ${agent}`}
      </span>
      <Button fit="small" onClick={() => state.select(span.id)}>
        Show it <kbd>E</kbd>
      </Button>
    </div>
  );
}
