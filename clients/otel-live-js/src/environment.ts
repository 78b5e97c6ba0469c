// SPDX-License-Identifier: Apache-2.0
import type { Target } from './OtlpHttpSender.js';

type Environment = Readonly<Record<string, string | undefined>>;

const PATH = '/v1/traces';
const DEFAULT_BASE_URL = 'http://localhost:4318';

/**
 * Where the standard variables of OpenTelemetry send traces. An endpoint for gRPC is of no use here;
 * then the default holds.
 */
export function targetFromEnvironment(env: Environment): Target {
  const headers = {
    ...parseHeaders(env['OTEL_EXPORTER_OTLP_HEADERS']),
    ...parseHeaders(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS']),
  };
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'];
  if (protocol === 'grpc') return { url: DEFAULT_BASE_URL + PATH, headers };
  const url = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  if (url) return { url, headers };
  return { url: tracesUrl(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || DEFAULT_BASE_URL), headers };
}

/** @param url - of the receiver, with or without the path for traces. */
export function tracesUrl(url: string): string {
  const base = url.replace(/\/+$/, '');
  return base.endsWith(PATH) ? base : base + PATH;
}

/** `a=1,b=2`, percent-encoded. What is not of this form is left out. */
function parseHeaders(text: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const item of (text ?? '').split(',')) {
    const at = item.indexOf('=');
    const name = item.slice(0, at).trim().toLowerCase();
    if (at > 0 && name !== '') headers[name] = decode(item.slice(at + 1).trim());
  }
  return headers;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
