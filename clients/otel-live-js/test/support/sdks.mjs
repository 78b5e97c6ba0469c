// SPDX-License-Identifier: Apache-2.0

// The two major versions of the SDK under one roof.

import * as sdk2 from '@opentelemetry/sdk-trace-base';
import { createRequire } from 'node:module';
import * as sdk1 from 'sdk-trace-base-1';

const require = createRequire(import.meta.url);
const resources2 = require('@opentelemetry/resources');
const resources1 = createRequire(require.resolve('sdk-trace-base-1'))('@opentelemetry/resources');

export const SDKS = [
  {
    name: 'SDK 1',
    sdk: sdk1,
    makeResource: (attributes) => new resources1.Resource(attributes),
    makeLateResource: (promise) => new resources1.Resource({}, promise),
    makeProvider: (config, processors) => {
      const provider = new sdk1.BasicTracerProvider(config);
      for (const processor of processors) provider.addSpanProcessor(processor);
      return provider;
    },
  },
  {
    name: 'SDK 2',
    sdk: sdk2,
    makeResource: (attributes) => resources2.resourceFromAttributes(attributes),
    makeLateResource: (promise) =>
      resources2.detectResources({
        detectors: [{ detect: () => ({ attributes: { late: promise.then(({ late }) => late) } }) }],
      }),
    makeProvider: (config, spanProcessors) =>
      new sdk2.BasicTracerProvider({ ...config, spanProcessors }),
  },
];
