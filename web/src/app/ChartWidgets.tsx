// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatCount, formatDuration } from '../base/format';
import { Bars } from '../ui/Bars';
import { Flame } from '../ui/Flame';
import type { FlameNode } from '../ui/flameLayout';
import { Histogram } from '../ui/Histogram';
import { Sparkline } from '../ui/Sparkline';
import { Tile, TileRow } from '../ui/Tile';
import { Trend } from '../ui/Trend';
import styles from './WidgetsPage.module.css';

const wave = Array.from({ length: 24 }, (_, index) => 20 + Math.round(12 * Math.sin(index / 3)));
const series = [
  { id: 'completed', label: 'completed', colour: 'var(--ok)' },
  { id: 'failed', label: 'failed', colour: 'var(--error)' },
];
const buckets = wave.map((value, index) => ({
  label: `${String(index).padStart(2, '0')}:00`,
  values: [value, index % 5],
}));
const times = wave.map((_, index) => 1_795_392_000 + index * 3600);
const measured = wave.map((value, index) => (index > 17 || index === 5 ? undefined : value));
const expected = wave.map((value, index) => (index < 17 ? undefined : value));
const trendSeries = [
  { id: 'runs', label: 'Runs', colour: 'var(--series-1)', values: measured },
  {
    id: 'expected',
    label: 'Expected',
    colour: 'var(--series-1)',
    values: expected,
    isDashed: true,
  },
];
const bands = [
  {
    label: '80 %',
    colour: 'var(--series-1)',
    low: expected.map((value) => (value === undefined ? undefined : value - 6)),
    high: expected.map((value) => (value === undefined ? undefined : value + 6)),
  },
];
const leaf = (id: string, value: number, colour: string): FlameNode => ({
  id,
  name: id,
  value,
  colour,
  children: [],
});
const flame: FlameNode = {
  id: 'all',
  name: 'All runs',
  value: 60,
  colour: 'var(--quiet)',
  children: [
    {
      id: 'planner',
      name: 'planner',
      value: 40,
      colour: 'var(--kind-agent)',
      children: [leaf('chat', 30, 'var(--kind-llm)'), leaf('search', 8, 'var(--kind-tool)')],
    },
    leaf('writer', 20, 'var(--kind-agent)'),
  ],
};

function Section(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** Everything that draws figures. */
export function ChartWidgets() {
  const [chosen, setChosen] = useState('nothing chosen');
  return (
    <>
      <Section title="Tiles and sparkline">
        <TileRow label="Example figures">
          <Tile
            label="Failure rate"
            value="3.4 %"
            change={{ text: '↑ 0.4', tone: 'error', title: 'points more than before' }}
            trend={wave}
            colour="var(--error)"
          />
          <Tile label="Cost" value="$1.92" note="2 calls unpriced" trend={measured} />
          <Tile label="Loading" value={undefined} />
        </TileRow>
        <Sparkline values={wave} />
      </Section>
      <Section title="Bars">
        <Bars
          label="Example bars"
          bars={[
            { id: 'a', label: 'timeout', value: 12, text: '12', colour: 'var(--error)' },
            { id: 'b', label: 'rate_limit', value: 5, text: '5' },
            { id: 'c', label: 'not known', value: undefined, text: '–' },
          ]}
        />
      </Section>
      <Section title="Histogram">
        <Histogram
          label="Example histogram"
          series={series}
          buckets={buckets}
          ends={['00:00', '24:00']}
          onRange={({ first, last }) => setChosen(`${first} to ${last}`)}
        />
        <p role="status">{chosen}</p>
      </Section>
      <Section title="Trend">
        <Trend
          label="Example trend"
          times={times}
          series={trendSeries}
          bands={bands}
          format={formatCount}
          onRange={(from, to) => setChosen(`${from} to ${to}`)}
        />
      </Section>
      <Section title="Flame">
        <Flame label="Example flame graph" root={flame} format={formatDuration} />
      </Section>
    </>
  );
}
