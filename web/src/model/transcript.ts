// SPDX-License-Identifier: Apache-2.0
// A run as it is read: what each agent was told, what it said in each turn, what its tools did, and which
// agents it called. The server has put it together; here it is divided into the threads of the agents.

import type { Body, Message, MessagePart } from './message';
import type { Span } from './span';

export interface TranscriptAgent {
  /** 0 is the run itself. */
  readonly agent: number;
  /** The agent that started it; undefined for the run itself. */
  readonly worksFor: number | undefined;
  readonly name: string | undefined;
  /** Its model calls, on all pages. */
  readonly calls: number;
  /** With previews of its task and its result. */
  readonly span: Span;
}

/** A tool as the model called it, as it ran, or both. */
export interface ToolUse {
  readonly name: string;
  readonly callId: string | undefined;
  readonly args: Body | undefined;
  readonly result: Body | undefined;
  /** Undefined where no span tells of it. */
  readonly span: Span | undefined;
}

interface EntryBase {
  /** Who did it. */
  readonly agent: number;
  /** Agents that began here. */
  readonly opens: readonly number[];
  readonly span: Span;
}

export interface CallEntry extends EntryBase {
  readonly kind: 'call';
  /** From 1, among the calls of the agent. */
  readonly turn: number;
  /** Failed calls that this one repeats. */
  readonly attempts: readonly Span[];
  /** Empty where it is that of the call before. */
  readonly system: readonly MessagePart[];
  /** Messages of its input that are not new. */
  readonly history: number;
  /** Messages of the call before are no longer sent, or are changed. */
  readonly isRewritten: boolean;
  /** Without results that stand with the tools of the call before. */
  readonly newMessages: readonly Message[];
  readonly output: readonly Message[];
  readonly tools: readonly ToolUse[];
}

export type TranscriptEntry =
  | CallEntry
  | (EntryBase & { readonly kind: 'tool'; readonly tools: readonly ToolUse[] })
  | (EntryBase & { readonly kind: 'agent' | 'note' });

export interface TranscriptPage {
  readonly agents: readonly TranscriptAgent[];
  readonly entries: readonly TranscriptEntry[];
  /** On all pages. */
  readonly total: number;
  readonly nextCursor: string | undefined;
}

export type ThreadItem =
  | {
      readonly kind: 'input';
      readonly key: string;
      /** The first thing it was told. */
      readonly isTask: boolean;
      readonly system: readonly MessagePart[];
      readonly messages: readonly Message[];
    }
  | { readonly kind: 'turn'; readonly key: string; readonly entry: CallEntry }
  | { readonly kind: 'tool'; readonly key: string; readonly tool: ToolUse }
  | { readonly kind: 'agent'; readonly key: string; readonly agent: TranscriptAgent }
  | { readonly kind: 'note'; readonly key: string; readonly span: Span };

export type TurnItem = ThreadItem & { readonly kind: 'turn' };

/** All pages that have been read, by agent. */
export interface Transcript {
  readonly agents: ReadonlyMap<number, TranscriptAgent>;
  /** What each agent did, in order of time. */
  readonly threads: ReadonlyMap<number, readonly ThreadItem[]>;
  readonly entries: number;
  readonly total: number;
}

class TranscriptBuilder {
  readonly agents = new Map<number, TranscriptAgent>();
  readonly threads = new Map<number, ThreadItem[]>();
  /** Agents whose task has been told. */
  private readonly tasked = new Set<number>();

  add(entry: TranscriptEntry): void {
    const items = this.threads.get(entry.agent) ?? [];
    this.threads.set(entry.agent, items);
    const key = entry.span.id;
    switch (entry.kind) {
      case 'call':
        this.addInput(items, entry);
        items.push({ kind: 'turn', key, entry });
        break;
      case 'tool':
        entry.tools.forEach((tool, index) =>
          items.push({ kind: 'tool', key: `${key} ${index}`, tool }),
        );
        break;
      case 'note':
        items.push({ kind: 'note', key, span: entry.span });
        break;
      case 'agent':
        break;
    }
    this.addAgents(items, entry);
  }

  private addInput(items: ThreadItem[], entry: CallEntry): void {
    const { newMessages, system, agent } = entry;
    if (newMessages.length === 0 && system.length === 0) return;
    const isTask = !this.tasked.has(agent);
    this.tasked.add(agent);
    items.push({
      kind: 'input',
      key: `input ${entry.span.id}`,
      isTask,
      system,
      messages: newMessages,
    });
  }

  /** Agents that began in an entry, the one that an agent's own entry tells of among them. */
  private addAgents(items: ThreadItem[], entry: TranscriptEntry): void {
    for (const number of entry.opens) {
      const agent = this.agents.get(number);
      if (agent === undefined || agent.agent === entry.agent) continue;
      items.push({ kind: 'agent', key: `agent ${number}`, agent });
    }
  }
}

/** What has been read of a run, the pages in order. */
export function joinTranscript(pages: readonly TranscriptPage[]): Transcript {
  const builder = new TranscriptBuilder();
  let entries = 0;
  for (const page of pages) for (const agent of page.agents) builder.agents.set(agent.agent, agent);
  for (const page of pages) {
    entries += page.entries.length;
    for (const entry of page.entries) builder.add(entry);
  }
  return {
    agents: builder.agents,
    threads: builder.threads,
    entries,
    total: pages.at(-1)?.total ?? 0,
  };
}

/** The agent to begin with: the run itself, or the only thing in it. */
export function topAgent(transcript: Transcript): number {
  let agent = 0;
  for (;;) {
    const items = transcript.threads.get(agent) ?? [];
    const [only] = items;
    if (items.length !== 1 || only?.kind !== 'agent') return agent;
    agent = only.agent.agent;
  }
}

/** The spans that an item shows. */
export function spansOf(item: ThreadItem): readonly string[] {
  switch (item.kind) {
    case 'turn': {
      const { span, attempts, tools } = item.entry;
      const ran = tools.flatMap((tool) => (tool.span === undefined ? [] : [tool.span.id]));
      return [span.id, ...attempts.map(({ id }) => id), ...ran];
    }
    case 'tool':
      return item.tool.span === undefined ? [] : [item.tool.span.id];
    case 'agent':
      return [item.agent.span.id];
    case 'note':
      return [item.span.id];
    case 'input':
      return [];
  }
}

/** Agents whose cards must be open for a span to be seen. */
export function agentsAround(transcript: Transcript, spanId: string): ReadonlySet<number> {
  const around = new Set<number>();
  for (const [number, items] of transcript.threads) {
    if (!items.some((item) => spansOf(item).includes(spanId))) continue;
    for (
      let at: number | undefined = number;
      at !== undefined && !around.has(at);
      at = transcript.agents.get(at)?.worksFor
    )
      around.add(at);
  }
  return around;
}
