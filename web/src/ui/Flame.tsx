// SPDX-License-Identifier: Apache-2.0

import { useCallback, useId, useMemo, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { Button } from './Button';
import styles from './Flame.module.css';
import { boxAt, flameDepth, flameNeighbour, layoutFlame, pathTo } from './flameLayout';
import type { FlameBox, FlameNode } from './flameLayout';
import { useCanvas } from './useCanvas';
import type { Brush } from './useCanvas';

const rowHeight = 22;
const leastShare = 0.0008;
const leastForText = 26;

function drawBox(brush: Brush, box: FlameBox, isSelected: boolean): void {
  const { context, colourOf } = brush;
  const x = box.x * brush.width;
  const y = box.depth * rowHeight;
  const width = Math.max(1, box.width * brush.width - 1);
  context.globalAlpha = 0.28;
  context.fillStyle = colourOf(box.node.colour);
  context.fillRect(x, y, width, rowHeight - 1);
  context.globalAlpha = 1;
  context.fillRect(x, y, Math.min(2, width), rowHeight - 1);
  if (isSelected) {
    context.strokeStyle = colourOf('var(--focus)');
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, Math.max(1, width - 2), rowHeight - 3);
  }
  if (width < leastForText) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width - 3, rowHeight);
  context.clip();
  context.fillStyle = colourOf('var(--text)');
  context.fillText(box.node.name, x + 6, y + rowHeight / 2);
  context.restore();
}

interface FlameProps {
  readonly label: string;
  readonly root: FlameNode;
  readonly format: (value: number) => string;
  readonly testId?: string;
}

/** A share in percent. */
function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '0 %';
}

function describe(props: FlameProps, path: readonly FlameNode[]): string {
  const node = path.at(-1) ?? props.root;
  const names = path.slice(1).map(({ name }) => name);
  const place = names.length === 0 ? node.name : names.join(' › ');
  return `${place}: ${props.format(node.value)}, ${share(node.value, props.root.value)}`;
}

/** What is zoomed to and looked at; each is dropped when it is no longer part of the tree. */
function useFlame(root: FlameNode) {
  const [zoomedId, setZoomed] = useState(root.id);
  const [lookedId, setLooked] = useState(root.id);
  const zoomed = pathTo(root, zoomedId)?.at(-1) ?? root;
  const lookedPath = useMemo(() => pathTo(root, lookedId) ?? [root], [root, lookedId]);
  const looked = lookedPath.at(-1) ?? root;
  const boxes = useMemo(() => layoutFlame(root, zoomed.id, leastShare), [root, zoomed.id]);
  return { zoomed, looked, lookedPath, boxes, setZoomed, setLooked };
}

/**
 * Sums of a tree as boxes, each as wide as its share. A click or Enter zooms in, Escape or a click on what
 * lies above zooms out; arrow keys walk along the tree.
 */
export function Flame(props: FlameProps) {
  const { root } = props;
  const itemId = useId();
  const { zoomed, looked, lookedPath, boxes, setZoomed, setLooked } = useFlame(root);
  const depth = useMemo(() => flameDepth(root), [root]);
  const draw = useCallback(
    (brush: Brush) => {
      brush.context.font = `12px ${brush.family}`;
      brush.context.textBaseline = 'middle';
      for (const box of boxes) drawBox(brush, box, box.node.id === looked.id);
    },
    [boxes, looked.id],
  );
  const canvas = useCanvas(draw);
  const pointed = (event: PointerEvent<HTMLElement>): FlameBox | undefined => {
    const area = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - area.left) / Math.max(1, area.width);
    return boxAt(boxes, x, Math.floor((event.clientY - area.top) / rowHeight));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && zoomed.id !== root.id) setZoomed(root.id);
    else if (event.key === 'Enter') setZoomed(looked.id);
    else {
      const next = flameNeighbour(root, looked.id, event.key);
      if (next === undefined) return;
      setLooked(next.id);
      // What is walked to must be seen.
      const isBelow = pathTo(zoomed, next.id) !== undefined;
      if (!isBelow) setZoomed(next.id);
    }
    event.preventDefault();
  };
  return (
    <figure className={styles.figure} aria-label={props.label} data-testid={props.testId}>
      <div className={styles.head}>
        <span className={styles.readout} role="status">
          {describe(props, lookedPath)}
        </span>
        {zoomed.id !== root.id && (
          <Button fit="small" onClick={() => setZoomed(root.id)}>
            Zoom out
          </Button>
        )}
      </div>
      <div
        className={styles.area}
        style={{ height: depth * rowHeight }}
        role="tree"
        tabIndex={0}
        aria-label={props.label}
        aria-activedescendant={itemId}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          const box = pointed(event);
          if (box !== undefined && box.node.id !== looked.id) setLooked(box.node.id);
        }}
        onPointerDown={(event) => {
          const box = pointed(event);
          if (box !== undefined) setZoomed(box.node.id);
        }}
      >
        <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
        <div
          id={itemId}
          className="visually-hidden"
          role="treeitem"
          tabIndex={-1}
          aria-selected={true}
          aria-level={lookedPath.length}
        >
          {describe(props, lookedPath)}
        </div>
      </div>
    </figure>
  );
}
