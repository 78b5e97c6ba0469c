// SPDX-License-Identifier: Apache-2.0

// A CommonJS program. Arguments: the endpoint.

const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
const { LiveSpanProcessor } = require('@sightline/otel-live');

const processor = new LiveSpanProcessor({ endpoint: process.argv[2] });
const provider = new BasicTracerProvider({ spanProcessors: [processor] });
provider.getTracer('program').startSpan('agent');
provider.shutdown().then(() => console.log(JSON.stringify(processor.stats)));
