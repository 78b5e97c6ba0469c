// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { AggregateGroup } from '../../model/aggregate';
import { keysOf, measuresOf } from '../../model/panelQuery';
import type { Column, Sort } from '../../ui/dataColumns';
import { ShortTable } from '../../ui/ShortTable';
import { BehindLink } from './BehindLink';
import { measureText } from './measureText';
import { nameOf } from './panelSums';
import type { PanelSums } from './panelSums';
import { SeriesNote } from './SeriesNote';
import { valueName, wordsOf } from './texts';

/** Pixels of a figure, or of its name where that is longer; the names of groups have the rest. */
function figureWidth(label: string): number {
  return Math.max(92, 24 + 7 * label.length);
}

function columnsOf(props: PanelSums): readonly Column<AggregateGroup>[] {
  const { query } = props;
  const keys = keysOf(query).map((key, index): Column<AggregateGroup> => ({
    id: key,
    label: wordsOf(key),
    isFixed: index === 0,
    skeleton: 100,
    title: (group) => valueName(group.keys[key]),
    compare: (left, right) => (left.keys[key] ?? '').localeCompare(right.keys[key] ?? ''),
    cell: (group) => <bdi>{valueName(group.keys[key])}</bdi>,
  }));
  const figures = measuresOf(query).map((measure): Column<AggregateGroup> => ({
    id: measure,
    label: wordsOf(measure),
    isFigure: true,
    width: figureWidth(wordsOf(measure)),
    skeleton: 40,
    compare: (left, right) => (left.values[measure] ?? -1) - (right.values[measure] ?? -1),
    cell: (group) => (
      <BehindLink {...props} group={group} measure={measure}>
        {measureText(measure, group.values[measure])}
      </BehindLink>
    ),
  }));
  return [...keys, ...figures];
}

/** Pixels below which the name of a group says nothing. */
const leastNameWidth = 120;

/** Pixels that all columns need; a narrower panel scrolls. */
function leastWidth(columns: readonly Column<AggregateGroup>[]): number {
  return columns.reduce((sum, { width = leastNameWidth }) => sum + width, 0);
}

/** A row for each group, in the order that the question asks for until another one is chosen. */
export function TablePanel(props: PanelSums) {
  const { panel, query, sums } = props;
  const [sort, setSort] = useState<Sort>();
  const columns = columnsOf(props);
  return (
    <>
      <div style={{ minWidth: leastWidth(columns) }}>
        <ShortTable
          id={`panel-${panel.id}`}
          caption={panel.title}
          rows={sums.groups}
          idOf={(group) => nameOf(group, query)}
          columns={columns}
          sort={sort}
          onSort={setSort}
        />
      </div>
      <SeriesNote shown={sums.groups.length} total={sums.totalGroups} />
    </>
  );
}
