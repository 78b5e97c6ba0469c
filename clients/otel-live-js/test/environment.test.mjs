// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { targetFromEnvironment, tracesUrl } from '../dist/environment.js';

const DEFAULT = 'http://localhost:4318/v1/traces';

const TARGETS = [
  { name: 'nothing', env: {}, url: DEFAULT },
  { name: 'a base', env: { ENDPOINT: 'http://host:4318' }, url: 'http://host:4318/v1/traces' },
  {
    name: 'a base with a slash',
    env: { ENDPOINT: 'https://host/x/' },
    url: 'https://host/x/v1/traces',
  },
  {
    name: 'an endpoint for traces',
    env: { TRACES_ENDPOINT: 'http://host/own', ENDPOINT: 'http://other' },
    url: 'http://host/own',
  },
  { name: 'an empty endpoint', env: { ENDPOINT: '' }, url: DEFAULT },
  {
    name: 'an endpoint for gRPC',
    env: { ENDPOINT: 'http://host:4317', PROTOCOL: 'grpc' },
    url: DEFAULT,
  },
  {
    name: 'gRPC for others than traces',
    env: { ENDPOINT: 'http://host', PROTOCOL: 'grpc', TRACES_PROTOCOL: 'http/protobuf' },
    url: 'http://host/v1/traces',
  },
];

for (const { name, env, url } of TARGETS) {
  test(`${name} sends to ${url}`, () => {
    const variables = Object.entries(env).map(([key, value]) => [
      `OTEL_EXPORTER_OTLP_${key}`,
      value,
    ]);
    assert.equal(targetFromEnvironment(Object.fromEntries(variables)).url, url);
  });
}

test('headers are decoded, those for traces win, and what is malformed is left out', () => {
  const { headers } = targetFromEnvironment({
    OTEL_EXPORTER_OTLP_HEADERS: 'Api-Key=a%20b, x=1,broken,=2,bad=%zz',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x=3=4',
  });
  assert.deepEqual(headers, { 'api-key': 'a b', x: '3=4', bad: '%zz' });
});

test('an endpoint may have the path for traces or not', () => {
  for (const url of [
    'http://host',
    'http://host/',
    'http://host/v1/traces',
    'http://host/v1/traces/',
  ]) {
    assert.equal(tracesUrl(url), 'http://host/v1/traces');
  }
});
