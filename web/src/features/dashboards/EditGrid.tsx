// SPDX-License-Identifier: Apache-2.0

import { useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { GridLayout, noCompactor } from 'react-grid-layout';
import type { Layout } from 'react-grid-layout';
import { gridColumns, mostHeight } from '../../model/dashboard';
import type { Panel, PanelPosition } from '../../model/dashboard';
import { useWidth } from '../../ui/useWidth';
import styles from './EditGrid.module.css';
import { PanelFrame } from './PanelFrame';
import { gapPixels, rowPixels } from './panelSums';

const grid = {
  cols: gridColumns,
  rowHeight: rowPixels,
  margin: [gapPixels, gapPixels],
  containerPadding: [0, 0],
} as const;
const drag = { handle: '[data-drag=true]', cancel: '[data-no-drag]' };

function placesOf(layout: Layout): ReadonlyMap<string, PanelPosition> {
  return new Map(layout.map(({ i, x, y, w, h }) => [i, { x, y, w, h }]));
}

/** Panels that a pointer moves by their heads and sizes by their corners. */
export function EditGrid(props: {
  readonly panels: readonly Panel[];
  readonly tools: (panel: Panel) => ReactNode;
  readonly onMove: (places: ReadonlyMap<string, PanelPosition>) => void;
}) {
  const { panels, tools, onMove } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const layout = useMemo(
    () => panels.map(({ id, position }) => ({ i: id, maxH: mostHeight, ...position })),
    [panels],
  );
  const onStop = (moved: Layout): void => onMove(placesOf(moved));
  return (
    <div ref={box} className={styles.grid}>
      <GridLayout
        width={width}
        gridConfig={grid}
        dragConfig={drag}
        layout={layout}
        compactor={noCompactor}
        onDragStop={onStop}
        onResizeStop={onStop}
      >
        {panels.map((panel) => (
          <div key={panel.id} className={styles.item}>
            <PanelFrame panel={panel} tools={tools(panel)} />
          </div>
        ))}
      </GridLayout>
    </div>
  );
}
