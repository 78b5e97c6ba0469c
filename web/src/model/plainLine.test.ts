// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { plainLine } from './plainLine';

describe('a preview in a line', () => {
  it.each<[string, string]>([
    ['Where is my bag?', 'Where is my bag?'],
    ['{"args":["Can I skip a version?"],"kwargs":{}}', 'Can I skip a version?'],
    ['{"args":["a",2],"kwargs":{"k":3}}', 'a, 2, k: 3'],
    ['{"args":["a"],"kwargs":{},"more":1}', 'args: ["a"], kwargs: {}, more: 1'],
    ['{"query":"night shifts"}', 'night shifts'],
    ['{"path":"a.py","offset":4}', 'path: a.py, offset: 4'],
    ['"exit code 1\\n..F"', 'exit code 1 ..F'],
    ['lookup_order({"order_id":"TW-1"})', 'lookup_order(TW-1)'],
    ['say(hello)', 'say(hello)'],
    ['[{"id":1}]', '[{"id":1}]'],
    ['[]', '[]'],
    ['["\\"two\\"","{\\"id\\":7}","x"]', 'two, 7, x'],
    ['{not JSON}', '{not JSON}'],
    ['{"id":12345678901234567890}', '{"id":12345678901234567890}'],
  ])('reads %s', (text, expected) => {
    expect(plainLine(text)).toBe(expected);
  });

  it.each<[string, string]>([
    ['{"args":["How do I give an…', 'How do I give an…'],
    ['{"id":"TW-1","lines":[{"sku":"S…', 'id: TW-1, lines: [{"sku":"S"}]…'],
    ['"a\\nb…', 'a b…'],
    ['{"id":"TW-1","li…', '{"id":"TW-1","li…'],
  ])('closes what is cut: %s', (text, expected) => {
    expect(plainLine(text)).toBe(expected);
  });
});
