// SPDX-License-Identifier: Apache-2.0

import { useVirtualizer } from '@tanstack/react-virtual';
import type { VirtualItem } from '@tanstack/react-virtual';
import { useMemo, useState } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { formatCount, plural } from '../../base/format';
import type { TimeScale } from '../../model/spanLayout';
import type { Span } from '../../model/span';
import type { SpanTree } from '../../model/spanTree';
import { runsIn, scaleOf, wholeWindow } from '../../model/timeWindow';
import { Button } from '../../ui/Button';
import { classNames } from '../../ui/classNames';
import { useCommand } from '../../ui/commands';
import { EmptyState } from '../../ui/Notice';
import { useRowAnchor } from '../../ui/useRowAnchor';
import { useRowsCommand } from '../../ui/useRowsCommand';
import { SpanRow } from './SpanRow';
import styles from './SpanTree.module.css';
import { TimeAxis } from './TimeAxis';
import { nearest, useFocusReturn, useOpened, useRevealed } from './treeFocus';
import { treeMove } from './treeKeys';
import { useFollow } from './useFollow';
import type { RunState } from './useRunState';
import { useTreeRows } from './useTreeRows';
import type { TreeRows } from './useTreeRows';

const rowHeight = 26;

export interface SpanTreeViewProps {
  readonly state: RunState;
  /** Signs of trouble by span. */
  readonly signs: ReadonlyMap<string, string>;
}

/** Spans that have ended, like the figure in the header, then those that have not. */
function sizeOf(tree: SpanTree): string {
  const ended = plural(tree.nodes.length - tree.awaited - tree.open, 'span');
  const open = tree.open > 0 ? `, ${formatCount(tree.open)} open` : '';
  return `${ended}${open}`;
}

export function SpanTreeView(props: SpanTreeViewProps) {
  const { state } = props;
  const { range } = state;
  const { tree } = state.view;
  const isInRange = useMemo(
    () =>
      range === undefined ? undefined : (span: Span): boolean => runsIn(span, state.scale, range),
    [state.scale, range],
  );
  const treeRows = useTreeRows(tree, state.matches, isInRange);
  const scale = useMemo(
    () => (range === undefined ? state.scale : scaleOf(range, state.scale)),
    [state.scale, range],
  );
  useCommand({ id: 'expand', title: 'Expand all spans', run: treeRows.expandAll });
  useCommand({ id: 'collapse', title: 'Collapse all spans', run: treeRows.collapseAll });
  if (tree.nodes.length === 0) {
    return (
      <EmptyState title="No spans yet">
        <p>The run is known, but none of its spans has arrived.</p>
      </EmptyState>
    );
  }
  return (
    <div className={styles.frame}>
      <div className={classNames(styles.head, styles.grid)}>
        <span className={styles.size}>
          <span data-testid="span-count">{sizeOf(tree)}</span>
          {tree.maxDepth > 0 && (
            <span className={styles.folds}>
              <Button fit="small" look="quiet" onClick={treeRows.expandAll}>
                Expand all
              </Button>
              <Button fit="small" look="quiet" onClick={treeRows.collapseAll}>
                Collapse all
              </Button>
            </span>
          )}
        </span>
        <span className={styles.figure} aria-hidden="true">
          Duration
        </span>
        <span className={classNames(styles.figure, styles.tokens)} aria-hidden="true">
          Tokens
        </span>
        <span className={classNames(styles.figure, styles.cost)} aria-hidden="true">
          Cost
        </span>
        <TimeAxis window={range ?? wholeWindow(state.scale)} />
      </div>
      {treeRows.rows.length === 0 ? (
        <NoRows state={state} />
      ) : (
        <SpanTreeRows {...props} treeRows={treeRows} scale={scale} />
      )}
    </div>
  );
}

/** Of what was asked for there is nothing: what can be asked for less of it. */
function NoRows({ state }: { readonly state: RunState }) {
  const { find } = state.search;
  return (
    <EmptyState
      title={find === '' ? 'No span in this range' : `No span matches “${find}”`}
      isCompact
    >
      {find !== '' && <Button onClick={() => state.setFind('')}>Clear search</Button>}
      {state.range !== undefined && (
        <Button onClick={() => state.setRange(undefined)}>Look at the whole run</Button>
      )}
    </EmptyState>
  );
}

interface RowsProps extends SpanTreeViewProps {
  readonly treeRows: TreeRows;
  readonly scale: TimeScale;
}

function SpanTreeRows(props: RowsProps) {
  const { state, treeRows } = props;
  const { tree } = state.view;
  const { rows, placeOf, reveal } = treeRows;
  const selectedId = state.search.span;
  const anchorRows = useMemo(
    () => ({
      idAt: (row: number) => tree.nodes[rows[row] ?? -1]?.span.id,
      rowOf: (spanId: string | undefined): number =>
        spanId === undefined ? -1 : placeOf(tree.indexById.get(spanId) ?? -1),
    }),
    [tree, rows, placeOf],
  );
  const scroller = useRowAnchor(anchorRows, rowHeight);
  const [activeId, setActiveId] = useState<string>();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const active = Math.max(0, anchorRows.rowOf(activeId ?? selectedId));
  useOpened(selectedId, selectedId !== undefined && tree.indexById.has(selectedId), reveal);
  useRevealed(selectedId, anchorRows.rowOf(selectedId), (row) =>
    virtualizer.scrollToIndex(row, { align: 'auto' }),
  );
  useFocusReturn(scroller, selectedId);
  useRowsCommand(() => scroller.current?.focus());
  useFollow(scroller, state, () => placeOf(newestRow(tree)) * rowHeight);

  const onKeyDown = (event: KeyboardEvent): void => {
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const position = { tree, rows, placeOf, active, isCollapsed: treeRows.isCollapsed, pageRows };
    const move = treeMove(event.key, position);
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (move.kind === 'go') {
      const spanId = tree.nodes[rows[move.row] ?? -1]?.span.id;
      setActiveId(spanId);
      virtualizer.scrollToIndex(move.row);
      // Once the details are open they follow.
      if (selectedId !== undefined) state.select(spanId);
    } else if (move.kind === 'select') {
      state.select(move.spanId);
    } else {
      treeRows.setCollapsed(move.spanId, move.kind === 'collapse');
    }
  };
  const onClick = (event: MouseEvent): void => {
    const toggle = nearest(event.target, 'data-toggle');
    const spanId = nearest(event.target, 'data-span');
    if (toggle !== undefined) {
      treeRows.setCollapsed(toggle, !treeRows.isCollapsed(toggle));
    } else if (spanId !== undefined) {
      setActiveId(spanId);
      state.select(spanId);
    }
  };
  return (
    <div
      ref={scroller}
      className={styles.scroll}
      role="tree"
      tabIndex={0}
      aria-label="Spans"
      aria-activedescendant={`row-${active}`}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div className={styles.canvas} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => rowAt(props, item, active))}
      </div>
    </div>
  );
}

/** The row of the span that began last. */
function newestRow(tree: SpanTree): number {
  let newest = tree.nodes.length - 1;
  let latest: bigint | undefined;
  tree.nodes.forEach(({ span }, row) => {
    if (span.startNs === undefined || (latest !== undefined && span.startNs < latest)) return;
    latest = span.startNs;
    newest = row;
  });
  return newest;
}

function rowAt(props: RowsProps, item: VirtualItem, active: number): ReactNode {
  const { treeRows, state, scale } = props;
  const node = state.view.tree.nodes[treeRows.rows[item.index] ?? -1];
  if (node === undefined) return undefined;
  const { id } = node.span;
  return (
    <SpanRow
      key={id}
      id={`row-${item.index}`}
      node={node}
      scale={scale}
      top={item.start}
      place={item.index + 1}
      count={treeRows.rows.length}
      isSelected={id === state.search.span}
      isActive={item.index === active}
      isCollapsed={treeRows.isCollapsed(id)}
      isMatch={treeRows.matches?.has(id)}
      sign={props.signs.get(id)}
    />
  );
}
