// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readPageScope } from '../../model/period';
import { draw, soon } from '../../parts/drawForTesting';
import type { Answers, Drawn } from '../../parts/drawForTesting';
import { Attention } from './Attention';

const run = (id: string, workflow: string, kind: string): object => ({
  trace_id: id,
  workflow_id: workflow,
  name: `${workflow} run`,
  status: 'running',
  models: [],
  start_time: '2026-01-02T03:04:05Z',
  signs: [{ kind, span_id: null, message: `about ${id}`, raised_at: '2026-01-02T03:04:45Z' }],
});

const anomaly = (name: string): object => ({
  subject: { kind: 'workflow', name },
  measure: 'cost',
  kind: 'high',
  start_time: '2026-01-02T03:00:00Z',
  score: 0.9,
  reason: `cost of workflow ${name} was 3 USD, above the usual (1 USD and less)`,
  filter: { workflow_id: name, start_time: '2026-01-02T03:00:00Z' },
});

const answers =
  (traces: readonly object[], anomalies: readonly object[]): Answers =>
  ({ path }) => {
    if (path.includes('/anomalies')) return { total: anomalies.length, subjects: 3, anomalies };
    if (path.includes('/traces')) return { traces, total: traces.length, next_cursor: null };
    if (path.includes('/aggregate')) return { groups: [], total_groups: 0 };
    return {};
  };

function show(traces: readonly object[], anomalies: readonly object[]): Drawn {
  const scope = readPageScope({}, '24h');
  return draw(<Attention scope={scope} />, '/', answers(traces, anomalies));
}

const items = (drawn: Drawn) => [...drawn.box.querySelectorAll('li')];
const links = (item: Element | undefined) =>
  [...(item?.querySelectorAll('a') ?? [])].map((link) => [link.textContent, link.title]);

describe('what needs attention', () => {
  it('says of one what the server says', async () => {
    const drawn = show([run('a1', 'shop', 'silent')], [anomaly('bank')]);
    await soon(() => expect(items(drawn)).toHaveLength(2));
    expect(items(drawn)[0]?.textContent).toContain('shop run: about a1');
    expect(items(drawn)[1]?.textContent).toContain('Cost of workflow bank was 3 USD');
  });

  it('says of several in the same trouble one sentence, with each of them', async () => {
    const traces = [
      run('a1', 'shop', 'silent'),
      run('a2', 'bank', 'step_overdue'),
      run('a3', 'zoo', 'silent'),
      run('a4', 'shop', 'silent'),
    ];
    const drawn = show(traces, []);
    await soon(() => expect(items(drawn)).toHaveLength(2));
    expect(items(drawn)[0]?.textContent).toContain('Nothing has been heard for long:');
    expect(links(items(drawn)[0])).toEqual([
      ['shop\u00a0×\u00a02', ''],
      ['zoo run', 'about a3'],
    ]);
  });

  it('names at most four of them', async () => {
    const drawn = show([], ['a', 'b', 'c', 'd', 'e', 'f'].map(anomaly));
    await soon(() => expect(items(drawn)).toHaveLength(1));
    expect(items(drawn)[0]?.textContent).toContain('Cost was above the usual: workflow a, ');
    expect(items(drawn)[0]?.textContent).toContain(' and 2 more');
    expect(links(items(drawn)[0])).toHaveLength(4);
  });
});
