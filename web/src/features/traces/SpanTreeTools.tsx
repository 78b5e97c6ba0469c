// SPDX-License-Identifier: Apache-2.0

import { plural } from '../../base/format';
import type { SpanTree } from '../../model/spanTree';
import { Button } from '../../ui/Button';
import { useCommand } from '../../ui/commands';
import { Icon } from '../../ui/Icon';
import { TextField } from '../../ui/TextField';
import styles from './SpanTree.module.css';
import type { TreeRows } from './useTreeRows';

export function SpanTreeTools(props: {
  readonly tree: SpanTree;
  readonly rows: TreeRows;
  readonly find: string;
  readonly selectedId: string | undefined;
  /** Failed spans, the cause first. */
  readonly errors: readonly string[];
  readonly onFind: (find: string) => void;
  readonly onSelect: (spanId: string) => void;
}) {
  const { tree, rows } = props;
  const { errors } = props;
  const at = errors.indexOf(props.selectedId ?? '');
  const nextError = (): void => {
    const next = errors[(at + 1) % errors.length];
    if (next === undefined) return;
    rows.expandAll();
    props.onSelect(next);
  };
  useCommand(
    errors.length === 0
      ? undefined
      : { id: 'next error', title: 'Go to the next error', key: 'e', run: nextError },
  );
  useCommand({ id: 'expand', title: 'Expand all spans', run: rows.expandAll });
  useCommand({ id: 'collapse', title: 'Collapse all spans', run: rows.collapseAll });
  const shown =
    rows.matches === undefined ? undefined : plural(rows.matches.size, 'match', 'matches');
  return (
    <div className={styles.tools} role="toolbar" aria-label="Span tree">
      <TextField
        label="Find span"
        icon="search"
        shortcut="/"
        className={styles.find}
        value={props.find}
        onChange={props.onFind}
      />
      {errors.length > 0 && (
        <Button onClick={nextError} title="Go to the next failed span, from the cause on">
          <Icon name="alert" size={12} />
          {at < 0 ? plural(errors.length, 'error') : `error ${at + 1} of ${errors.length}`}
        </Button>
      )}
      {tree.maxDepth > 0 && (
        <>
          <Button look="quiet" className={styles.fold} onClick={rows.expandAll}>
            Expand all
          </Button>
          <Button look="quiet" className={styles.fold} onClick={rows.collapseAll}>
            Collapse all
          </Button>
        </>
      )}
      <span className={styles.note}>{shown}</span>
    </div>
  );
}
