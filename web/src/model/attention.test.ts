// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Anomaly } from './anomaly';
import { groupAnomalies, groupBy } from './attention';

const anomaly = (subject: string, changes: Partial<Anomaly> = {}): Anomaly => ({
  subjectKind: 'workflow',
  subject,
  measure: 'cost',
  kind: 'high',
  startMs: 0,
  score: 1,
  reason: '',
  runs: {},
  ...changes,
});

describe('groupBy', () => {
  it('keeps the order of the first of each and of those within', () => {
    expect(groupBy(['b1', 'a1', 'b2'], (text) => text.charAt(0))).toEqual([
      { key: 'b', items: ['b1', 'b2'] },
      { key: 'a', items: ['a1'] },
    ]);
    expect(groupBy([], String)).toEqual([]);
  });
});

describe('groupAnomalies', () => {
  it('joins what is the same in all but its subject', () => {
    const groups = groupAnomalies([
      anomaly('shop'),
      anomaly('bank', { measure: 'volume' }),
      anomaly('zoo'),
      anomaly('inn', { startMs: 3_600_000 }),
      anomaly('pub', { kind: 'low' }),
    ]);
    expect(groups.map(({ items }) => items.map(({ subject }) => subject))).toEqual([
      ['shop', 'zoo'],
      ['bank'],
      ['inn'],
      ['pub'],
    ]);
  });
});
