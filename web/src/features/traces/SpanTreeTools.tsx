// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { plural } from '../../base/format';
import type { SpanTree } from '../../model/spanTree';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { TextField } from '../../ui/TextField';
import styles from './SpanTree.module.css';
import type { TreeRows } from './useTreeRows';

export function SpanTreeTools(props: {
  readonly tree: SpanTree;
  readonly rows: TreeRows;
  readonly find: string;
  readonly selectedId: string | undefined;
  readonly onFind: (find: string) => void;
  readonly onSelect: (spanId: string) => void;
}) {
  const { tree, rows } = props;
  const failed = useMemo(
    () => tree.nodes.filter((node) => node.span.status === 'failed').map((node) => node.span.id),
    [tree],
  );
  const nextError = (): void => {
    const next = failed[(failed.indexOf(props.selectedId ?? '') + 1) % failed.length];
    if (next === undefined) return;
    rows.expandAll();
    props.onSelect(next);
  };
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
      {failed.length > 0 && (
        <Button onClick={nextError} title="Go to the next failed span">
          <Icon name="alert" size={12} />
          {plural(failed.length, 'error')}
        </Button>
      )}
      {tree.maxDepth > 0 && (
        <>
          <Button look="quiet" onClick={rows.expandAll}>
            Expand all
          </Button>
          <Button look="quiet" onClick={rows.collapseAll}>
            Collapse all
          </Button>
        </>
      )}
      <span className={styles.note}>{shown}</span>
    </div>
  );
}
