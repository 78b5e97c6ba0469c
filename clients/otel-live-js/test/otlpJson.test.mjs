// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { toOtlpJson } from '../dist/otlpJson.js';

const span = (attributes, fields = {}) => ({
  name: 'span',
  kind: 0,
  spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
  startTime: [1, 2],
  endTime: [1, 2],
  status: { code: 0 },
  attributes,
  events: [],
  links: [],
  resource: { attributes: {} },
  instrumentationScope: { name: 'scope' },
  ...fields,
});

const parse = (spans) => JSON.parse(toOtlpJson(spans));
const spansIn = (request) =>
  request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

describe('an attribute', () => {
  const cases = [
    ['text', 'a "b"\n', { stringValue: 'a "b"\n' }],
    ['an integer', 7, { intValue: '7' }],
    ['the largest safe integer', 2 ** 53 - 1, { intValue: '9007199254740991' }],
    ['an integer above that', 2 ** 60, { doubleValue: 2 ** 60 }],
    ['a fraction', -0.25, { doubleValue: -0.25 }],
    ['not a number', Number.NaN, { doubleValue: 'NaN' }],
    ['minus infinity', -Infinity, { doubleValue: '-Infinity' }],
    ['a big integer', 2n ** 62n, { intValue: '4611686018427387904' }],
    ['true', true, { boolValue: true }],
    ['bytes', new Uint8Array([1, 2, 255]), { bytesValue: 'AQL/' }],
    [
      'an array',
      [1, null, 'a'],
      { arrayValue: { values: [{ intValue: '1' }, {}, { stringValue: 'a' }] } },
    ],
    ['a map', { a: 1 }, { kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } }],
  ];
  for (const [name, value, expected] of cases) {
    test(`that is ${name} has its OTLP form`, () => {
      const [{ attributes }] = spansIn(parse([span({ key: value })]));
      assert.deepEqual(attributes, [{ key: 'key', value: expected }]);
    });
  }

  test('that is absent is left out', () => {
    const [{ attributes }] = spansIn(parse([span({ a: undefined, b: null })]));
    assert.deepEqual(attributes, []);
  });
});

test('times keep their nanoseconds', () => {
  const [sent] = spansIn(parse([span({}, { startTime: [1_999_999_999, 999_999_999] })]));
  assert.equal(sent.startTimeUnixNano, '1999999999999999999');
});

test('spans are grouped by resource and scope, in their order', () => {
  const shop = { attributes: { 'service.name': 'shop' } };
  const bank = { attributes: { 'service.name': 'bank' } };
  const make = (name, resource, scope) => span({}, { name, resource, instrumentationScope: scope });
  const request = parse([
    make('a', shop, { name: 'x', version: '1' }),
    make('b', bank, { name: 'x', version: '1' }),
    make('c', shop, { name: 'x', version: '2' }),
    make('d', shop, { name: 'x', version: '1' }),
  ]);
  const outline = request.resourceSpans.map(({ resource, scopeSpans }) => [
    resource.attributes[0].value.stringValue,
    ...scopeSpans.map(
      ({ scope, spans }) => `${scope.name} ${scope.version}: ${spans.map(({ name }) => name)}`,
    ),
  ]);
  assert.deepEqual(outline, [
    ['shop', 'x 1: a,d', 'x 2: c'],
    ['bank', 'x 1: b'],
  ]);
});
