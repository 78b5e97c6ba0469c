// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { firstLine, resultSummary } from './toolSummary';

const inline = (value: unknown) => ({ kind: 'inline', value }) as const;

describe('a tool in a line', () => {
  it.each<[unknown, string]>([
    [{ cmd: 'make -C build\n| tail' }, 'make -C build | tail'],
    [{ path: 'a.cc', line: 3 }, 'path: a.cc, line: 3'],
    ['plain', 'plain'],
    [[1, 2], '[1,2]'],
    [{}, ''],
  ])('was asked %j', (value, expected) => {
    expect(firstLine(inline(value))).toBe(expected);
  });

  it.each<[unknown, string]>([
    ['ok', 'ok'],
    ['a\nb\nc\n', '3 lines'],
    [[1, 2], '2 items'],
    ['x'.repeat(200), `${'x'.repeat(160)}…`],
    [{ a: 1 }, '{ "a": 1 }'],
  ])('gave %j', (value, expected) => {
    expect(resultSummary(inline(value))).toBe(expected);
  });

  it('says how much was left out', () => {
    const body = { kind: 'cut', preview: 'beg', contentUrl: '/api/x', size: 2048 } as const;
    expect(firstLine(body)).toBe('beg');
    expect(resultSummary(body)).toMatch(/2\.0.KB/);
  });
});
