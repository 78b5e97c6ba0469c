// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef } from 'react';
import { readColours, useColourScheme } from './themeColours';
import type { ColourOf } from './themeColours';

export interface Brush {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels; the context is scaled to those of the screen. */
  readonly width: number;
  readonly height: number;
  readonly colourOf: ColourOf;
  /** The family of fonts of the page, as `CanvasRenderingContext2D.font` wants it. */
  readonly family: string;
}

/** What is asked of the page once, and not for each drawing. */
type Look = Pick<Brush, 'colourOf' | 'family'>;

function readLook(near: HTMLElement): Look {
  return { colourOf: readColours(near), family: getComputedStyle(near).fontFamily };
}

/** The canvas cleared, as large as it is on screen and scaled to its pixels. Undefined where it has none. */
function prepare(canvas: HTMLCanvasElement, look: Look): Brush | undefined {
  const context = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
  if (context === null || width === 0 || height === 0) return undefined;
  const ratio = window.devicePixelRatio;
  const columns = Math.round(width * ratio);
  const rows = Math.round(height * ratio);
  // A new size costs a new bitmap, even where it is the old one.
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.clearRect(0, 0, width, height);
  return { context, width, height, ...look };
}

/**
 * A canvas that is drawn, once a frame at most, when its size, the theme or `draw` changes; `draw` must be
 * kept between calls.
 */
export function useCanvas(draw: (brush: Brush) => void) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  const frame = useRef<number>(undefined);
  const look = useRef<Look>(undefined);
  const scheme = useColourScheme();
  const schedule = useRef(() => {
    frame.current ??= requestAnimationFrame(() => {
      frame.current = undefined;
      const element = canvas.current;
      if (!element?.parentElement) return;
      look.current ??= readLook(element.parentElement);
      const brush = prepare(element, look.current);
      if (brush !== undefined) latest.current(brush);
    });
  });
  useEffect(() => {
    look.current = undefined;
  }, [scheme]);
  useEffect(() => {
    latest.current = draw;
    schedule.current();
  }, [draw, scheme]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => schedule.current());
    observer.observe(element);
    return () => {
      observer.disconnect();
      if (frame.current !== undefined) cancelAnimationFrame(frame.current);
      frame.current = undefined;
    };
  }, []);
  return canvas;
}
