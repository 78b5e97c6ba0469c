// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../ui/Button';
import { CodeView } from '../ui/CodeView';
import { CopyButton } from '../ui/CopyButton';
import { FacetList } from '../ui/FacetList';
import { FactList, FactRow } from '../ui/Facts';
import { EmptyState, ErrorNotice, Note, Skeleton } from '../ui/Notice';
import { RangeField } from '../ui/RangeField';
import type { RangeTexts } from '../ui/RangeField';
import { SelectField } from '../ui/SelectField';
import { SplitPane } from '../ui/SplitPane';
import { Popover } from '../ui/Popover';
import { Tabs } from '../ui/Tabs';
import { StateMark, Tag } from '../ui/Tag';
import { TextField } from '../ui/TextField';
import { ThemeToggle } from '../ui/ThemeToggle';
import { usePageTitle } from '../ui/usePageTitle';
import { ZoneToggle } from '../ui/ZoneToggle';
import { ChartWidgets } from './ChartWidgets';
import styles from './WidgetsPage.module.css';

const tones = ['ok', 'error', 'running', 'warn', 'quiet'] as const;
const facts = [
  { label: 'Duration', value: '1.23 s' },
  { label: 'Agent', value: 'researcher' },
  { label: 'Absent', value: undefined },
];

function Demo(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2>{props.title}</h2>
      <div className={styles.row}>{props.children}</div>
    </section>
  );
}

function Fields() {
  const [text, setText] = useState('');
  const [choice, setChoice] = useState('a');
  const options = [
    { value: 'a', label: 'First' },
    { value: 'b', label: 'Second' },
  ];
  return (
    <Demo title="Fields">
      <TextField
        label="Text"
        icon="search"
        value={text}
        onChange={setText}
        suggestions={['one', 'two']}
      />
      <SelectField label="Choice" value={choice} options={options} onChange={setChoice} />
    </Demo>
  );
}

const facetItems = ['support', 'research', ''].map((id, index) => ({
  id,
  count: 120 >> index,
  failed: index,
}));

function FacetDemo() {
  const [chosen, setChosen] = useState<string>();
  return (
    <section className={styles.section}>
      <h2>Facets</h2>
      <FacetList
        label="Agent"
        note="What the numbers count."
        items={facetItems}
        total={facetItems.length}
        chosen={chosen}
        onToggle={(id) => setChosen(id === chosen ? undefined : id)}
      />
    </section>
  );
}

function RangeDemo() {
  const [range, setRange] = useState<RangeTexts>({ from: '0.5', to: undefined });
  return (
    <section className={styles.section}>
      <h2>Ranges</h2>
      <RangeField
        label="Duration, seconds"
        range={range}
        refuses={(text) => (Number.isNaN(Number(text)) ? 'a number of seconds' : undefined)}
        onChange={setRange}
      />
    </section>
  );
}

function TabsDemo() {
  const [tab, setTab] = useState<'one' | 'two'>('one');
  return (
    <section className={styles.section}>
      <h2>Tabs</h2>
      <Tabs
        label="Example"
        panelId="example-panel"
        items={[
          { id: 'one', label: 'One' },
          { id: 'two', label: 'Two', count: 12 },
        ]}
        selected={tab}
        onSelect={setTab}
      />
      <div id="example-panel" role="tabpanel">
        {tab}
      </div>
    </section>
  );
}

/** Every widget in its variants, for those who build with them. */
export function WidgetsPage() {
  usePageTitle('Widgets');
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">Widgets</h1>
      <Demo title="Buttons">
        <Button>Normal</Button>
        <Button aria-pressed>Pressed</Button>
        <Button look="quiet">Quiet</Button>
        <Button fit="small">Small</Button>
        <Button disabled>Disabled</Button>
        <CopyButton text="copied text" label="Copy" />
        <CopyButton text="copied text" label="Copy a link">
          Copy link
        </CopyButton>
        <Popover face="Why?" label="Reasons">
          A panel above the page.
        </Popover>
        <ZoneToggle />
        <ThemeToggle />
      </Demo>
      <Demo title="Tags and marks">
        {tones.map((tone) => (
          <Tag key={tone} tone={tone}>
            {tone}
          </Tag>
        ))}
        <Tag tone="demo">Demo</Tag>
        {tones.map((tone) => (
          <StateMark key={tone} tone={tone}>
            {tone}
          </StateMark>
        ))}
      </Demo>
      <Fields />
      <TabsDemo />
      <FacetDemo />
      <RangeDemo />
      <Demo title="Facts">
        <FactRow facts={facts} />
        <FactList facts={facts} />
      </Demo>
      <Demo title="States">
        <Skeleton width={160} />
        <Note>Something a reader should know of.</Note>
        <ErrorNotice
          message="Cannot load: the server cannot be reached"
          onRetry={() => undefined}
        />
        <EmptyState title="Nothing here" isCompact>
          Why, and what to do.
        </EmptyState>
      </Demo>
      <section className={styles.section}>
        <h2>Code</h2>
        <CodeView value={{ text: 'value', count: 12.5, flag: true, list: [1, 2] }} />
        <CodeView value={'long text '.repeat(1200)} />
      </section>
      <ChartWidgets />
      <section className={styles.section}>
        <h2>Split pane</h2>
        <div className={styles.split}>
          <SplitPane main="Content" side="Drawer" sideLabel="example drawer" isSideOpen={false} />
        </div>
      </section>
    </div>
  );
}
