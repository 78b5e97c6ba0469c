// SPDX-License-Identifier: Apache-2.0

// A program that ends before its span is due. Arguments: the endpoint.

import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';

import { LiveSpanProcessor } from '@sightline/otel-live';

const [, , endpoint] = process.argv;
const processor = new LiveSpanProcessor({ endpoint, delayMs: 600_000 });
const provider = new BasicTracerProvider({ spanProcessors: [processor] });
provider.getTracer('program').startSpan('agent');
