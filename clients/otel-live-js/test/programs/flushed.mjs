// SPDX-License-Identifier: Apache-2.0

// A program whose last act is to wait for its spans. Arguments: the endpoint.

import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';

import { LiveSpanProcessor } from '@sightline/otel-live';

const [, , endpoint] = process.argv;
const processor = new LiveSpanProcessor({ endpoint, delayMs: 60_000 });
const provider = new BasicTracerProvider({ spanProcessors: [processor] });
provider.getTracer('program').startSpan('agent');
await provider.forceFlush();
console.log(JSON.stringify(processor.stats));
