// SPDX-License-Identifier: Apache-2.0

import {
  isArray,
  isObject,
  readBoolean,
  readNumber,
  readObject,
  readObjects,
  readText,
} from '../base/json';
import type { Span } from '../model/span';
import type {
  ToolUse,
  TranscriptAgent,
  TranscriptEntry,
  TranscriptPage,
} from '../model/transcript';
import { decodeBody, decodeMessage, decodePart } from './decodeConversation';
import { DecodeError } from './decodeError';
import { decodeSpan } from './decodeSpan';
import type { Wire } from './wire';

/** Its previews stand beside it. */
function decodeOwnSpan(owner: Wire<'TranscriptAgent'> | Wire<'TranscriptEntry'>): Span | undefined {
  const span = readObject(owner, 'span');
  if (span === undefined || readText(span, 'span_id') === undefined) return undefined;
  return {
    ...decodeSpan(span),
    inputPreview: readText(owner, 'input_preview'),
    outputPreview: readText(owner, 'output_preview'),
  };
}

function decodeAgent(object: Wire<'TranscriptAgent'>): readonly TranscriptAgent[] {
  const agent = readNumber(object, 'agent');
  const span = decodeOwnSpan(object);
  if (agent === undefined || span === undefined) return [];
  return [
    {
      agent,
      span,
      worksFor: readNumber(object, 'works_for'),
      name: readText(object, 'name'),
      calls: readNumber(object, 'calls') ?? 0,
    },
  ];
}

function decodeTool(object: Wire<'TranscriptTool'>): ToolUse {
  const span = readObject(object, 'span');
  const known = span === undefined ? undefined : decodeSpan(span);
  return {
    name: readText(object, 'name') ?? known?.title ?? 'tool',
    callId: readText(object, 'call_id'),
    args: decodeBody(object.arguments),
    result: decodeBody(object.output),
    span: known,
  };
}

function decodeEntry(object: Wire<'TranscriptEntry'>): readonly TranscriptEntry[] {
  const span = decodeOwnSpan(object);
  const agent = readNumber(object, 'agent');
  if (span === undefined || agent === undefined) return [];
  const opens = isArray(object.opens)
    ? object.opens.filter((item) => typeof item === 'number')
    : [];
  const own = { agent, opens, span };
  const tools = readObjects(object, 'tools').map(decodeTool);
  switch (readText(object, 'type')) {
    case 'call':
      return [
        {
          ...own,
          kind: 'call',
          turn: readNumber(object, 'turn') ?? 1,
          attempts: readObjects(object, 'attempts').map(decodeSpan),
          system: readObjects(object, 'system').map(decodePart),
          history: readNumber(object, 'history_messages') ?? 0,
          isRewritten: readBoolean(object, 'is_history_rewritten') ?? false,
          newMessages: readObjects(object, 'new_messages').map(decodeMessage),
          output: readObjects(object, 'output').map(decodeMessage),
          tools,
        },
      ];
    case 'tool':
      return [{ ...own, kind: 'tool', tools }];
    case 'agent':
      return [{ ...own, kind: 'agent' }];
    case undefined:
    default:
      // A word that this page has never heard of is worth a line.
      return [{ ...own, kind: 'note' }];
  }
}

export function decodeTranscript(value: unknown): TranscriptPage {
  if (!isObject(value)) throw new DecodeError('the transcript is not an object');
  const page: Wire<'Transcript'> = value;
  if (!isArray(page.entries)) throw new DecodeError('the transcript has no "entries"');
  const entries = readObjects(page, 'entries').flatMap(decodeEntry);
  return {
    entries,
    agents: readObjects(page, 'agents').flatMap(decodeAgent),
    total: readNumber(page, 'total_entries') ?? entries.length,
    nextCursor: readText(page, 'next_cursor'),
  };
}
