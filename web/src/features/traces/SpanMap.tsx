// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useRef } from 'react';
import { spanKinds } from '../../model/span';
import type { SpanKind } from '../../model/span';
import { layoutMap } from '../../model/spanLayout';
import type { TimeScale } from '../../model/spanLayout';
import type { SpanNode } from '../../model/spanTree';
import { usePreferences } from '../../ui/preferences';
import { kindColour } from '../../parts/kindColour';
import styles from './SpanTree.module.css';

type Palette = ReadonlyMap<SpanKind | 'failed', string>;

/** Canvas knows no tokens: their colours of the present theme are read from the page. */
function readPalette(near: HTMLElement): Palette {
  const probe = document.createElement('span');
  near.append(probe);
  const colourOf = (token: string): string => {
    probe.style.color = token;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = new Map<SpanKind | 'failed', string>([
    ...spanKinds.map((kind): [SpanKind, string] => [kind, colourOf(kindColour(kind))]),
    ['failed', colourOf('var(--error)')],
  ]);
  probe.remove();
  return palette;
}

function draw(canvas: HTMLCanvasElement, nodes: readonly SpanNode[], scale: TimeScale): void {
  const context = canvas.getContext('2d');
  const parent = canvas.parentElement;
  if (context === null || parent === null) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const palette = readPalette(parent);
  for (const rect of layoutMap(nodes, scale, { width, height })) {
    const { span } = rect.node;
    context.fillStyle = palette.get(span.status === 'failed' ? 'failed' : span.kind) ?? '';
    context.fillRect(rect.x, rect.y, rect.width, rect.height);
  }
}

/** Of the time that passes while a trace grows, at most a tenth is spent on its map. */
const pauseFactor = 9;

/**
 * The whole trace as thin lines. Drawn on a change of size or theme, soon after a change of data, and
 * never while scrolling.
 */
export function SpanMap(props: {
  readonly nodes: readonly SpanNode[];
  readonly scale: TimeScale;
  readonly label: string;
}) {
  const { nodes, scale } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = usePreferences();
  const latest = useRef({ nodes, scale });
  const notBefore = useRef(0);
  const redraw = useCallback(() => {
    if (canvas.current === null) return;
    const startedAt = performance.now();
    draw(canvas.current, latest.current.nodes, latest.current.scale);
    const endedAt = performance.now();
    notBefore.current = endedAt + (endedAt - startedAt) * pauseFactor;
  }, []);
  useEffect(() => {
    latest.current = { nodes, scale };
    const timer = setTimeout(redraw, Math.max(0, notBefore.current - performance.now()));
    return () => clearTimeout(timer);
  }, [nodes, scale, redraw]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const observer = new ResizeObserver(redraw);
    observer.observe(element);
    dark.addEventListener('change', redraw);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', redraw);
    };
  }, [theme, redraw]);
  return <canvas ref={canvas} className={styles.map} role="img" aria-label={props.label} />;
}
