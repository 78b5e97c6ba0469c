// SPDX-License-Identifier: Apache-2.0

import { useVirtualizer } from '@tanstack/react-virtual';
import type { VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { formatCount, plural } from '../../base/format';
import { makeTimeScale } from '../../model/spanLayout';
import type { SpanTree } from '../../model/spanTree';
import { classNames } from '../../ui/classNames';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/Notice';
import { SpanMap } from './SpanMap';
import { SpanRow } from './SpanRow';
import styles from './SpanTree.module.css';
import { SpanTreeTools } from './SpanTreeTools';
import { TimeAxis } from './TimeAxis';
import { treeMove } from './treeKeys';
import { useRowAnchor } from '../../ui/useRowAnchor';
import { useTreeRows } from './useTreeRows';
import type { TreeRows } from './useTreeRows';

const rowHeight = 26;
/** Below this many rows the tree is its own overview. */
const mapFromRows = 60;

export interface SpanTreeViewProps {
  readonly tree: SpanTree;
  /** Signs of trouble by span. */
  readonly signs: ReadonlyMap<string, string>;
  /** Failed spans, the cause first. */
  readonly errors: readonly string[];
  readonly selectedId: string | undefined;
  readonly find: string;
  readonly onSelect: (spanId: string | undefined) => void;
  readonly onFind: (find: string) => void;
}

/** Spans that have ended, like the figure in the header, then those that have not. */
function sizeOf(tree: SpanTree): string {
  const ended = plural(tree.nodes.length - tree.awaited - tree.open, 'span');
  const open = tree.open > 0 ? `, ${formatCount(tree.open)} open` : '';
  return `${ended}${open}, ${plural(tree.maxDepth + 1, 'level')}`;
}

export function SpanTreeView(props: SpanTreeViewProps) {
  const { tree, find, onFind } = props;
  const treeRows = useTreeRows(tree, find);
  const scale = useMemo(() => makeTimeScale(tree.nodes.map((node) => node.span)), [tree]);
  if (tree.nodes.length === 0) {
    return (
      <EmptyState title="No spans yet">
        <p>The run is known, but none of its spans has arrived.</p>
      </EmptyState>
    );
  }
  return (
    <>
      <SpanTreeTools
        tree={tree}
        rows={treeRows}
        find={find}
        onFind={onFind}
        errors={props.errors}
        selectedId={props.selectedId}
        onSelect={props.onSelect}
      />
      <div className={styles.frame}>
        <div className={classNames(styles.head, styles.grid)} aria-hidden="true">
          <span>Span</span>
          <span className={styles.figure}>Duration</span>
          <span className={classNames(styles.figure, styles.tokens)}>Tokens</span>
          <span className={classNames(styles.figure, styles.cost)}>Cost</span>
          <TimeAxis scale={scale} />
        </div>
        {tree.nodes.length >= mapFromRows && (
          <div className={classNames(styles.mapFrame, styles.grid)}>
            <span className={styles.mapNote} data-testid="span-count">
              {sizeOf(tree)}
            </span>
            <span className={styles.axis}>
              <SpanMap nodes={tree.nodes} scale={scale} label="All spans over time" />
            </span>
          </div>
        )}
        {treeRows.rows.length === 0 ? (
          <EmptyState title={`No span matches “${find}”`} isCompact>
            <Button onClick={() => onFind('')}>Clear search</Button>
          </EmptyState>
        ) : (
          <SpanTreeRows {...props} treeRows={treeRows} scale={scale} />
        )}
      </div>
    </>
  );
}

interface RowsProps extends SpanTreeViewProps {
  readonly treeRows: TreeRows;
  readonly scale: ReturnType<typeof makeTimeScale>;
}

function SpanTreeRows(props: RowsProps) {
  const { tree, treeRows, selectedId, onSelect } = props;
  const { rows } = treeRows;
  const anchorRows = useMemo(() => anchorRowsOf(tree, rows), [tree, rows]);
  const scroller = useRowAnchor(anchorRows, rowHeight);
  const [activeId, setActiveId] = useState<string>();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const active = Math.max(0, anchorRows.rowOf(activeId ?? selectedId));
  useRevealed(selectedId, anchorRows.rowOf(selectedId), (row) =>
    virtualizer.scrollToIndex(row, { align: 'auto' }),
  );

  useFocusReturn(scroller, selectedId);

  const onKeyDown = (event: KeyboardEvent): void => {
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const position = { tree, rows, active, isCollapsed: treeRows.isCollapsed, pageRows };
    const move = treeMove(event.key, position);
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (move.kind === 'go') {
      const spanId = tree.nodes[rows[move.row] ?? -1]?.span.id;
      setActiveId(spanId);
      virtualizer.scrollToIndex(move.row);
      // Once the details are open they follow.
      if (selectedId !== undefined) onSelect(spanId);
    } else if (move.kind === 'select') {
      onSelect(move.spanId);
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
      onSelect(spanId);
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

/** Rows by span; a span has none while a row above it is collapsed. */
function anchorRowsOf(tree: SpanTree, rows: readonly number[]) {
  return {
    idAt: (row: number) => tree.nodes[rows[row] ?? -1]?.span.id,
    rowOf: (spanId: string | undefined): number => {
      const index = spanId === undefined ? undefined : tree.indexById.get(spanId);
      return index === undefined ? -1 : rows.indexOf(index);
    },
  };
}

function rowAt(props: RowsProps, item: VirtualItem, active: number): ReactNode {
  const { tree, treeRows, selectedId, scale } = props;
  const node = tree.nodes[treeRows.rows[item.index] ?? -1];
  if (node === undefined) return undefined;
  const { id } = node.span;
  return (
    <SpanRow
      key={id}
      id={`row-${item.index}`}
      node={node}
      scale={scale}
      top={item.start}
      isSelected={id === selectedId}
      isActive={item.index === active}
      isCollapsed={treeRows.isCollapsed(id)}
      isMatch={treeRows.matches?.has(id)}
      sign={props.signs.get(id)}
    />
  );
}

/** The value an attribute has on the element that was hit, or on the closest one around it. */
function nearest(target: EventTarget, attribute: string): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest(`[${attribute}]`)?.getAttribute(attribute) ?? undefined;
}

/** When the details are closed, the focus that was in them goes to the rows and not to nothing. */
function useFocusReturn(
  rows: ReturnType<typeof useRowAnchor>,
  selectedId: string | undefined,
): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    const isLost = document.activeElement === document.body;
    if (wasOpen.current && selectedId === undefined && isLost) rows.current?.focus();
    wasOpen.current = selectedId !== undefined;
  }, [rows, selectedId]);
}

/** Scrolls to the selected row when the selection changes, and not when rows merely arrive. */
function useRevealed(id: string | undefined, row: number, reveal: (row: number) => void): void {
  const latest = useRef({ row, reveal });
  useEffect(() => {
    latest.current = { row, reveal };
  });
  useEffect(() => {
    if (id !== undefined && latest.current.row >= 0) latest.current.reveal(latest.current.row);
  }, [id]);
}
