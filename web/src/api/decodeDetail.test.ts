// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { decodeBody, decodeConversation, decodePart } from './decodeConversation';
import { decodeDetail } from './decodeDetail';

const url = '/api/v1/observability/content/abc';

describe('decodeBody', () => {
  it.each([
    ['nothing', undefined, undefined],
    ['an empty object is nothing', {}, undefined],
    ['a value', { a: 1 }, { kind: 'inline', value: { a: 1 } }],
    ['zero is a value', 0, { kind: 'inline', value: 0 }],
    ['JSON in text is unfolded', '{"a":1}', { kind: 'inline', value: { a: 1 } }],
    [
      'a cut body',
      { content_url: url, preview: 'Lorem', size: 20_000 },
      { kind: 'cut', contentUrl: url, preview: 'Lorem', size: 20_000 },
    ],
    [
      'a foreign address is only a value',
      { content_url: 'http://elsewhere.example/x' },
      { kind: 'inline', value: { content_url: 'http://elsewhere.example/x' } },
    ],
  ])('%s', (_name, value, expected) => {
    expect(decodeBody(value)).toEqual(expected);
  });

  it('finds the address beside the content as well', () => {
    expect(decodeBody('Lorem', { content: 'Lorem', content_url: url })).toEqual({
      kind: 'cut',
      contentUrl: url,
      preview: 'Lorem',
      size: undefined,
    });
  });
});

describe('decodePart', () => {
  it.each([
    [
      'text',
      { type: 'text', content: '[1]' },
      { type: 'text', body: { kind: 'inline', value: '[1]' } },
    ],
    [
      'a call with arguments as text',
      { type: 'tool_call', id: 'c1', name: 'search', arguments: '{"q":"x"}' },
      { type: 'tool_call', id: 'c1', name: 'search', body: { kind: 'inline', value: { q: 'x' } } },
    ],
    [
      'a result under its older name',
      { type: 'tool_call_response', id: 'c1', result: 'ok' },
      {
        type: 'tool_call_response',
        id: 'c1',
        name: undefined,
        body: { kind: 'inline', value: 'ok' },
      },
    ],
    [
      'an image by address',
      { type: 'uri', modality: 'image', uri: 'https://example.org/a.png' },
      {
        type: 'media',
        modality: 'image',
        mimeType: undefined,
        source: 'https://example.org/a.png',
      },
    ],
    [
      'a type nobody knows',
      { type: 'hologram', depth: 3 },
      { type: 'other', label: 'hologram', body: { kind: 'inline', value: { depth: 3 } } },
    ],
    [
      'a call without arguments',
      { type: 'tool_call', name: 'now' },
      { type: 'tool_call', id: undefined, name: 'now', body: { kind: 'inline', value: '' } },
    ],
  ])('%s', (_name, part, expected) => {
    expect(decodePart(part)).toEqual(expected);
  });
});

describe('decodeConversation', () => {
  it('reads system, input, output and tools', () => {
    const conversation = decodeConversation({
      messages: {
        system: [{ type: 'text', content: 'Be brief.' }],
        input: [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
        output: [
          { role: 'assistant', parts: [{ type: 'text', content: 'Hello' }], finish_reason: 'stop' },
        ],
        tools: [{ name: 'search' }],
      },
    });
    expect(conversation?.system).toHaveLength(1);
    expect(conversation?.input[0]?.role).toBe('user');
    expect(conversation?.output[0]?.finishReason).toBe('stop');
    expect(conversation?.tools?.kind).toBe('inline');
  });

  it('accepts a message with plain content', () => {
    const conversation = decodeConversation({
      messages: { input: [{ role: 'user', content: 'Hi' }] },
    });
    expect(conversation?.input[0]?.parts).toEqual([
      { type: 'text', body: { kind: 'inline', value: 'Hi' } },
    ]);
  });

  it.each([
    ['absent', {}],
    ['empty', { messages: { input: [], output: [], system: [], tools: null } }],
    ['of another type', { messages: 'none' }],
  ])('is undefined when %s', (_name, span) => {
    expect(decodeConversation(span)).toBeUndefined();
  });
});

describe('decodeDetail', () => {
  it('sorts attributes and marks what no rule mapped', () => {
    const detail = decodeDetail({ attributes: { b: 1, a: 'x' }, unmapped: ['b'] });
    expect(detail.attributes.map(([key]) => key)).toEqual(['a', 'b']);
    expect(detail.unmapped.has('b')).toBe(true);
  });

  it('reads events, also those that say little', () => {
    const exception = {
      name: 'exception',
      timestamp: '1970-01-01T00:00:01Z',
      attributes: { a: 1 },
    };
    expect(decodeDetail({ events: [exception, {}] }).events).toEqual([
      { name: 'exception', timeNs: 1_000_000_000n, attributes: { a: 1 } },
      { name: 'event', timeNs: undefined, attributes: {} },
    ]);
  });

  it('survives fields of the wrong type', () => {
    expect(
      decodeDetail({
        attributes: [],
        events: 'x',
        links: {},
        tool: 1,
        unmapped: null,
        resource_usage: null,
      }),
    ).toMatchObject({
      attributes: [],
      events: [],
      links: [],
      tool: undefined,
      resources: undefined,
    });
  });
});
