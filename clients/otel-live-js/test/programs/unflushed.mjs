// SPDX-License-Identifier: Apache-2.0

// A program that waits until its span is on the way and then has nothing more to do.
// Arguments: the endpoint.

import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';

import { LiveSpanProcessor } from '@sightline/otel-live';

const [, , endpoint] = process.argv;
const processor = new LiveSpanProcessor({ endpoint, delayMs: 0, exportTimeoutMs: 600_000 });
const provider = new BasicTracerProvider({ spanProcessors: [processor] });
provider.getTracer('program').startSpan('agent');
process.once('message', () => process.disconnect());
process.send('started');
