// SPDX-License-Identifier: Apache-2.0

// The part of a client that every framework's documentation leaves to the user: a tracer provider
// that exports by OTLP/HTTP to where the standard OTEL_EXPORTER_OTLP_* variables point.
//
// SDKs report a refused or partly refused export only to their diagnostics, so whatever arrives
// there makes the client end with status 1.

import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import process from 'node:process';

function onDiagnostic(...details) {
  process.exitCode = 1;
  process.stderr.write(`telemetry: ${details.map(String).join(' ')}\n`);
}

diag.setLogger(
  {
    error: onDiagnostic,
    warn: onDiagnostic,
    info: () => {},
    debug: () => {},
    verbose: () => {},
  },
  { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
);

/** Reads a variable that the test sets for each client. */
export function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Registers a global provider; the caller ends it with `shutdown()`, which flushes. */
export function startTracing() {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': required('OTEL_SERVICE_NAME') }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return provider;
}
