// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { decodeTranscript } from './decodeTranscript';

const span = { span_id: 'a', name: 'chat', roll_up: { descendants: 2, errors: 1 } };

describe('decodeTranscript', () => {
  it('reads a call with its tools', () => {
    const page = decodeTranscript({
      agents: [{ agent: 0, works_for: null, name: 'x', calls: 2, span, input_preview: 'task' }, {}],
      entries: [
        {
          type: 'call',
          agent: 0,
          opens: [1, 'odd'],
          span,
          turn: 3,
          attempts: [{ span_id: 'before', status: 'failed' }],
          system: null,
          history_messages: 4,
          is_history_rewritten: true,
          new_messages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
          output: [],
          tools: [
            {
              call_id: 'c',
              name: 'bash',
              arguments: { cmd: 'ls' },
              output: null,
              span: { span_id: 't' },
            },
            { call_id: null, name: null, arguments: null, output: 'x', span: null },
          ],
        },
      ],
      total_entries: 9,
      next_cursor: '1',
    });
    expect(page).toMatchObject({ total: 9, nextCursor: '1' });
    expect(page.agents).toHaveLength(1);
    expect(page.agents[0]).toMatchObject({
      agent: 0,
      worksFor: undefined,
      calls: 2,
      span: { inputPreview: 'task', rollUp: { descendants: 2 } },
    });
    expect(page.entries[0]).toMatchObject({
      kind: 'call',
      turn: 3,
      opens: [1],
      history: 4,
      isRewritten: true,
      system: [],
      attempts: [{ id: 'before', status: 'failed' }],
      newMessages: [{ role: 'user' }],
      tools: [
        { name: 'bash', callId: 'c', args: { value: { cmd: 'ls' } }, span: { id: 't' } },
        { name: 'tool', result: { value: 'x' }, span: undefined },
      ],
    });
  });

  it('reads everything else as a line, and leaves out what has no span', () => {
    const page = decodeTranscript({
      entries: [
        { type: 'agent', agent: 0, opens: [1], span },
        { type: 'omen', agent: 0, span, output_preview: 'dark' },
        { type: 'call', agent: 0 },
        'odd',
      ],
    });
    expect(page.entries.map(({ kind }) => kind)).toEqual(['agent', 'note']);
    expect(page.entries[1]?.span.outputPreview).toBe('dark');
    expect(page).toMatchObject({ total: 2, nextCursor: undefined, agents: [] });
    expect(() => decodeTranscript({})).toThrow('entries');
  });
});
