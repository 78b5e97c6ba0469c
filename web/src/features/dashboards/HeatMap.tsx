// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { formatStretch, formatTick } from '../../base/clock';
import type { AggregateGroup } from '../../model/aggregate';
import { firstMeasure, keysOf } from '../../model/panelQuery';
import { classNames } from '../../ui/classNames';
import { usePreferences } from '../../ui/preferences';
import { BehindLink } from './BehindLink';
import styles from './Dashboards.module.css';
import { measureText } from './measureText';
import { seconds, timesOf, valuesAt } from './panelSums';
import type { PanelSums } from './panelSums';
import { SeriesNote } from './SeriesNote';
import { valueName, wordsOf } from './texts';

interface Cell {
  readonly value: number | undefined;
  /** The value in words. */
  readonly text: ReactNode;
}

interface Line {
  readonly name: string;
  readonly label: ReactNode;
  readonly cells: readonly Cell[];
}

interface Heading {
  readonly id: string;
  /** Empty where there is no room for one. */
  readonly label: string;
  readonly title: string;
}

/** The largest value has a ground of this much colour, in percent; text on it can still be read. */
const mostColour = 45;

/** Values as colours: more is a deeper ground. */
function HeatTable(props: {
  readonly caption: string;
  readonly corner: string;
  readonly headings: readonly Heading[];
  readonly lines: readonly Line[];
  /** No room for words in the cells: they are read out and shown on hover only. */
  readonly isDense: boolean;
}) {
  const { headings, lines, isDense } = props;
  const most = Math.max(0, ...lines.flatMap(({ cells }) => cells.map(({ value }) => value ?? 0)));
  const ground = (value: number | undefined): string | undefined => {
    if (value === undefined || most <= 0) return undefined;
    const part = Math.round((mostColour * Math.max(0, value)) / most);
    return `color-mix(in srgb, var(--series-1) ${part}%, transparent)`;
  };
  return (
    <table className={classNames(styles.heat, isDense && styles.dense)}>
      <caption className="visually-hidden">{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.corner}>
            {props.corner}
          </th>
          {headings.map(({ id, label, title }) => (
            <th key={id} scope="col" title={title}>
              <bdi aria-hidden={isDense}>{label}</bdi>
              {isDense && <span className="visually-hidden">{title}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, label, cells }) => (
          <tr key={name}>
            <th scope="row" title={name}>
              {label}
            </th>
            {headings.map(({ id, title }, place) => {
              const cell = cells[place];
              return (
                <td
                  key={id}
                  title={
                    isDense && typeof cell?.text === 'string' ? `${title}: ${cell.text}` : undefined
                  }
                  style={{ background: ground(cell?.value) }}
                >
                  {isDense ? <span className="visually-hidden">{cell?.text}</span> : cell?.text}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Values by two keys. */
export function HeatMap(props: PanelSums) {
  const { panel, query, sums } = props;
  const measure = firstMeasure(query);
  const [rowKey = '', columnKey = ''] = keysOf(query);
  const valueOf = (group: AggregateGroup, key: string): string => group.keys[key] ?? '';
  const names = (key: string): readonly string[] => [
    ...new Set(sums.groups.map((group) => valueOf(group, key))),
  ];
  const columns = names(columnKey);
  const at = new Map(
    sums.groups.map((group) => [
      JSON.stringify([valueOf(group, rowKey), valueOf(group, columnKey)]),
      group,
    ]),
  );
  const cellOf = (row: string, column: string): Cell => {
    const group = at.get(JSON.stringify([row, column]));
    const value = group?.values[measure];
    return {
      value,
      text: value !== undefined && (
        <BehindLink {...props} group={group}>
          {measureText(measure, value)}
        </BehindLink>
      ),
    };
  };
  return (
    <>
      <HeatTable
        caption={panel.title}
        corner={wordsOf(rowKey)}
        headings={columns.map((name) => ({
          id: name,
          label: valueName(name),
          title: valueName(name),
        }))}
        lines={names(rowKey).map((name) => ({
          name: valueName(name),
          label: <bdi>{valueName(name)}</bdi>,
          cells: columns.map((column) => cellOf(name, column)),
        }))}
        isDense={false}
      />
      <SeriesNote shown={sums.groups.length} total={sums.totalGroups} />
    </>
  );
}

/** About how many times stand above the columns. */
const wantedLabels = 6;

/** Values by one key over time. */
export function TimeHeatMap(props: PanelSums) {
  const { panel, query, sums } = props;
  const { zone } = usePreferences();
  const measure = firstMeasure(query);
  const [key = ''] = keysOf(query);
  const times = timesOf(sums);
  const stepMs = (sums.bucketSeconds ?? 86_400) * 1000;
  const every = Math.max(1, Math.ceil(times.length / wantedLabels));
  return (
    <>
      <HeatTable
        caption={panel.title}
        corner={wordsOf(key)}
        headings={times.map((timeNs, place) => {
          const from = seconds(timeNs) * 1000;
          return {
            id: String(from),
            label: place % every === 0 ? formatTick(from, stepMs, zone) : '',
            title: formatStretch(from, from + stepMs, zone),
          };
        })}
        lines={sums.groups.map((group) => ({
          name: valueName(group.keys[key]),
          label: (
            <BehindLink {...props} group={group}>
              <bdi>{valueName(group.keys[key])}</bdi>
            </BehindLink>
          ),
          cells: valuesAt(group, times, measure, undefined).map((value) => ({
            value,
            text: measureText(measure, value),
          })),
        }))}
        isDense
      />
      <SeriesNote shown={sums.groups.length} total={sums.totalGroups} />
    </>
  );
}
