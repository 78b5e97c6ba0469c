// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Run } from './run';
import { runsAsCsv, runsAsJson } from './runExport';

const run: Run = {
  traceId: 'ab',
  workflowId: 'support',
  executionId: undefined,
  name: 'says "hi", twice',
  status: 'completed',
  startNs: 1_772_366_400_000_000_000n,
  endNs: undefined,
  durationSeconds: 1.5,
  spanCount: 3,
  errorCount: 0,
  agent: '=HYPERLINK("x")',
  service: undefined,
  sessionId: undefined,
  userId: 'u',
  models: ['a', 'b'],
  totalTokens: undefined,
  cost: { kind: 'partial', usd: 0.25 },
  isDemo: false,
  signs: [],
};

describe('runs as files', () => {
  it('writes CSV that neither splits a cell nor runs a formula', () => {
    const [head, line] = runsAsCsv([run]).split('\r\n');
    expect(head?.startsWith('trace_id,name,status,start_time')).toBe(true);
    expect(line).toBe(
      'ab,"says ""hi"", twice",completed,2026-03-01T12:00:00.000Z,1.5,support,"\'=HYPERLINK(""x"")",,u,a b,3,0,,0.25,partial,false',
    );
  });

  it('writes JSON in which the unknown is absent', () => {
    const read: unknown = JSON.parse(runsAsJson([run]));
    expect(read).toMatchObject([{ trace_id: 'ab', cost: 0.25, cost_status: 'partial' }]);
    expect(read).not.toHaveProperty('0.tokens');
  });
});
