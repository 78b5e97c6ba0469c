// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { decodeLogPage, decodeRowPage } from './decodeTrace';

const run = { trace_id: 't', name: 'run', status: 'completed' };

describe('decodeRowPage', () => {
  it('reads a row with its previews and sums', () => {
    const page = decodeRowPage({
      ...run,
      total_rows: 7,
      next_cursor: '1',
      rows: [
        {
          span_id: 'a',
          name: 'chat gpt-4.1',
          display_name: 'gpt-4.1',
          self_time: 0.5,
          critical_time: null,
          input_preview: 'Where is it?',
          output_preview: null,
          roll_up: {
            descendants: 3,
            errors: 1,
            model_calls: 2,
            tokens: 900,
            cost: 0.25,
            cost_status: 'partial',
          },
        },
        'odd',
      ],
    });
    expect(page).toMatchObject({ total: 7, nextCursor: '1' });
    expect(page.spans).toHaveLength(1);
    expect(page.spans[0]).toMatchObject({
      title: 'gpt-4.1',
      selfSeconds: 0.5,
      criticalSeconds: undefined,
      inputPreview: 'Where is it?',
      outputPreview: undefined,
      rollUp: { descendants: 3, errors: 1, tokens: 900, cost: { kind: 'partial', usd: 0.25 } },
    });
  });

  it('has no cost where there was no call', () => {
    const roll_up = { descendants: 1, errors: 0, model_calls: 0, cost: 0, cost_status: 'priced' };
    const page = decodeRowPage({ ...run, rows: [{ span_id: 'a', roll_up }] });
    expect(page.spans[0]?.rollUp?.cost).toEqual({ kind: 'nothing' });
    expect(page).toMatchObject({ total: 1, nextCursor: undefined });
  });

  it('needs rows, and marks texts that the server has cut', () => {
    expect(() => decodeRowPage({ ...run })).toThrow('rows');
    const cut = { span_id: 'a', error_message: 'lost', error_message_url: '/api/x' };
    expect(decodeRowPage({ ...run, rows: [cut] }).spans[0]?.errorMessage).toBe('lost…');
  });
});

describe('decodeLogPage', () => {
  it('reads lines', () => {
    const page = decodeLogPage({
      logs: [
        { timestamp: '2026-11-23T22:00:00Z', level: 'warn', message: 'slow', span_id: 'a' },
        { message: 'cut', message_url: '/api/y' },
      ],
      next_cursor: 'x',
    });
    expect(page.lines[0]).toMatchObject({ level: 'warn', spanId: 'a', message: 'slow' });
    expect(page.lines[1]?.message).toBe('cut…');
    expect(page.nextCursor).toBe('x');
    expect(() => decodeLogPage({})).toThrow('logs');
  });
});
