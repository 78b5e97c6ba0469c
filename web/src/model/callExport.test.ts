// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Call } from './call';
import { callsAsCsv, callsAsJson } from './callExport';

const call: Call = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  kind: 'llm',
  name: '=chat, loud',
  status: 'completed',
  startNs: 1_796_000_000_000_000_000n,
  durationSeconds: 1.5,
  workflowId: 'w',
  agent: undefined,
  model: 'acme/m',
  service: undefined,
  sessionId: undefined,
  userId: undefined,
  errorType: undefined,
  tokens: { input: 10, cacheRead: 4, cacheWrite: 0, output: 2, reasoning: 0 },
  usd: 0.25,
};

describe('calls as files', () => {
  it('have a line each, safe for table programs', () => {
    const [head, line] = callsAsCsv([call]).split('\r\n');
    expect(head?.split(',').slice(0, 4)).toEqual(['trace_id', 'span_id', 'kind', 'step_name']);
    expect(line).toContain('"\'=chat, loud",completed,,2026-11-30T');
    expect(line?.endsWith(',10,4,0,2,0,0.25')).toBe(true);
  });

  it('leave empty what is not known', () => {
    const unknown = { ...call, tokens: undefined, usd: undefined };
    expect(callsAsCsv([unknown]).split('\r\n')[1]?.endsWith(',,,,,,')).toBe(true);
    expect(callsAsJson([unknown])).not.toContain('cost');
  });
});
