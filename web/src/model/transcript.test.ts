// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import type { Message, MessagePart } from './message';
import type { Span } from './span';
import { makeSpan } from './spanBuilder';
import { agentsAround, joinTranscript, topAgent } from './transcript';
import type {
  CallEntry,
  ThreadItem,
  ToolUse,
  TranscriptAgent,
  TranscriptEntry,
} from './transcript';
import { costOf, foldTurns } from './transcriptFold';

const second = 1_000_000_000n;
const span = (id: string, at = 0, changes: Partial<Span> = {}): Span =>
  makeSpan(id, { startNs: BigInt(at) * second, endNs: BigInt(at + 1) * second, ...changes });
const text = (content: string): MessagePart => ({
  type: 'text',
  body: { kind: 'inline', value: content },
});
const say = (role: string, ...parts: readonly MessagePart[]): Message => ({
  role,
  name: undefined,
  finishReason: undefined,
  parts,
});
const tool = (name: string, ran?: Span): ToolUse => ({
  name,
  callId: undefined,
  args: undefined,
  result: undefined,
  span: ran,
});
const agentOf = (agent: number, worksFor?: number): TranscriptAgent => ({
  agent,
  worksFor,
  name: `agent ${agent}`,
  calls: 0,
  span: span(`a${agent}`),
});
const call = (turn: number, changes: Partial<CallEntry> = {}): CallEntry => ({
  kind: 'call',
  agent: 0,
  opens: [],
  span: span(`c${turn}`, turn * 10),
  turn,
  attempts: [],
  system: [],
  history: 0,
  isRewritten: false,
  newMessages: turn === 1 ? [say('user', text('fix it'))] : [],
  output: [say('assistant', text('next'))],
  tools: [],
  ...changes,
});

const pageOf = (
  entries: readonly TranscriptEntry[],
  agents: readonly TranscriptAgent[] = [agentOf(0)],
) => ({ agents, entries, total: entries.length, nextCursor: undefined });

/** One line for each item. */
function sketch(items: readonly ThreadItem[] | undefined): readonly string[] {
  return (items ?? []).map((item) => {
    switch (item.kind) {
      case 'turn':
        return `turn ${item.entry.turn}`;
      case 'input':
        return `${item.isTask ? 'task' : 'input'} ${item.messages.map(({ role }) => role).join(' ')}`;
      case 'tool':
        return `tool ${item.tool.name}`;
      case 'agent':
        return `agent ${item.agent.agent}`;
      case 'note':
        return `note ${item.span.id}`;
    }
  });
}

describe('a transcript', () => {
  it('begins with the task, and shows what else was told where it was told', () => {
    const { threads } = joinTranscript([
      pageOf([
        call(1),
        call(2),
        call(3, { newMessages: [say('user', text('no'))] }),
        call(4, { system: [text('You are another one')] }),
      ]),
    ]);
    expect(sketch(threads.get(0))).toEqual([
      'task user',
      'turn 1',
      'turn 2',
      'input user',
      'turn 3',
      'input ',
      'turn 4',
    ]);
  });

  it('gives each agent a thread of its own, and a card where it began', () => {
    const agents = [agentOf(0), agentOf(1, 0), agentOf(2, 1)];
    const entries: readonly TranscriptEntry[] = [
      { kind: 'agent', agent: 0, opens: [1], span: span('a1') },
      call(1, { agent: 1, opens: [2], tools: [tool('ask', span('t'))] }),
      call(1, { agent: 2, span: span('inner') }),
      { kind: 'tool', agent: 2, opens: [], span: span('t2'), tools: [tool('grep', span('t2'))] },
      { kind: 'note', agent: 1, opens: [], span: span('guard') },
    ];
    const transcript = joinTranscript([pageOf(entries, agents)]);
    expect(sketch(transcript.threads.get(0))).toEqual(['agent 1']);
    expect(sketch(transcript.threads.get(1))).toEqual([
      'task user',
      'turn 1',
      'agent 2',
      'note guard',
    ]);
    expect(sketch(transcript.threads.get(2))).toEqual(['task user', 'turn 1', 'tool grep']);
    expect(topAgent(transcript)).toBe(1);
    expect([...agentsAround(transcript, 't2')].sort()).toEqual([0, 1, 2]);
    expect([...agentsAround(transcript, 't')].sort()).toEqual([0, 1]);
    expect([...agentsAround(transcript, 'nowhere')]).toEqual([]);
  });

  it('goes on from page to page', () => {
    const first = { ...pageOf([call(1)]), total: 2, nextCursor: '1' };
    const second_ = {
      ...pageOf([call(2, { newMessages: [say('user', text('go on'))] })]),
      total: 2,
    };
    const transcript = joinTranscript([first, second_]);
    expect(sketch(transcript.threads.get(0))).toEqual([
      'task user',
      'turn 1',
      'input user',
      'turn 2',
    ]);
    expect(transcript).toMatchObject({ entries: 2, total: 2 });
    expect(joinTranscript([])).toMatchObject({ entries: 0, total: 0 });
  });

  it('begins with the run itself when more than one thing happened in it', () => {
    const entries: readonly TranscriptEntry[] = [
      { kind: 'agent', agent: 0, opens: [1], span: span('a1') },
      { kind: 'agent', agent: 0, opens: [2], span: span('a2') },
    ];
    const transcript = joinTranscript([
      pageOf(entries, [agentOf(0), agentOf(1, 0), agentOf(2, 0)]),
    ]);
    expect(topAgent(transcript)).toBe(0);
    expect(sketch(transcript.threads.get(0))).toEqual(['agent 1', 'agent 2']);
  });
});

describe('turns that are folded', () => {
  const priced = { kind: 'priced', usd: 0.5 } as const;
  const turns = (
    count: number,
    changes: (turn: number) => Partial<CallEntry> = () => ({}),
  ): readonly ThreadItem[] => {
    const entries = Array.from({ length: count }, (_, i) =>
      call(i + 1, {
        span: span(`c${i}`, (i + 1) * 10, { cost: priced }),
        tools: [tool(i % 2 === 0 ? 'read' : 'grep', span(`t${i}`, (i + 1) * 10 + 1))],
        ...changes(i + 1),
      }),
    );
    return joinTranscript([pageOf(entries)]).threads.get(0) ?? [];
  };
  const lines = (items: ReturnType<typeof foldTurns>): readonly string[] =>
    items.map((item) =>
      item.kind === 'fold'
        ? `fold ${item.turns.map(({ entry }) => entry.turn).join(' ')}`
        : item.kind === 'turn'
          ? `turn ${item.entry.turn}`
          : item.kind,
    );
  const apart = (count: number) => [
    'input',
    ...Array.from({ length: count }, (_, i) => `turn ${i + 1}`),
  ];

  it('are those between the first and the last', () => {
    const items = foldTurns(turns(6));
    expect(lines(items)).toEqual(['input', 'turn 1', 'fold 2 3 4 5', 'turn 6']);
    expect(items[2]).toMatchObject({
      tools: [
        ['grep', 2],
        ['read', 2],
      ],
      seconds: 32,
      cost: { kind: 'priced', usd: 2 },
    });
  });

  it('are not few', () => {
    expect(lines(foldTurns(turns(4)))).toEqual(apart(4));
  });

  it.each<[string, Partial<CallEntry>]>([
    ['failed', { span: span('c', 1, { status: 'failed' }) }],
    ['had a tool that failed', { tools: [tool('x', span('t', 1, { status: 'failed' }))] }],
    ['needed attempts', { attempts: [span('before')] }],
    ['called another agent', { opens: [7] }],
    ['lost its history', { isRewritten: true }],
    ['said much', { output: [say('assistant', text('a'.repeat(300)))] }],
    ['called nothing', { tools: [] }],
  ])('do not include one that %s', (_, changes) => {
    const items = foldTurns(turns(9, (turn) => (turn === 5 ? changes : {})));
    expect(lines(items)).toEqual([
      'input',
      'turn 1',
      'fold 2 3 4',
      'turn 5',
      'fold 6 7 8',
      'turn 9',
    ]);
  });

  it('cost at least what is known', () => {
    const unknown = { cost: { kind: 'unpriced' } } as const;
    const items = turns(3, (turn) => (turn === 2 ? { span: span('c', 1, unknown) } : {}));
    const all = items.flatMap((item) => (item.kind === 'turn' ? [item] : []));
    expect(costOf(all)).toEqual({ kind: 'partial', usd: 1 });
    expect(costOf([])).toEqual({ kind: 'nothing' });
    const calls = turns(1, () => ({ span: span('c', 1, unknown) }));
    expect(costOf(calls.flatMap((item) => (item.kind === 'turn' ? [item] : [])))).toEqual({
      kind: 'unpriced',
    });
  });
});
