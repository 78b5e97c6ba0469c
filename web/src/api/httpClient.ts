// SPDX-License-Identifier: Apache-2.0
// The only place that talks to the server.

import { isObject, readText } from '../base/json';
import { DecodeError } from './decodeError';

const sendTimeoutMs = 30_000;

export type ApiErrorKind = 'offline' | 'http' | 'malformed';

/** Why an answer could not be shown: the server was not reached, refused, or answered something else. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly kind: ApiErrorKind,
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

function refusal(status: number, body: string): ApiError {
  let detail: string | undefined;
  try {
    const parsed: unknown = JSON.parse(body);
    detail = isObject(parsed) ? readText(parsed, 'detail') : undefined;
  } catch {
    detail = undefined;
  }
  return new ApiError('http', detail ?? `the server answered with status ${status}`, status);
}

async function request(path: string, options: RequestInit): Promise<string> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(path, options);
    body = await response.text();
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    throw new ApiError('offline', 'the server cannot be reached');
  }
  if (!response.ok) throw refusal(response.status, body);
  return body;
}

export async function getText(path: string, signal: AbortSignal): Promise<string> {
  return request(path, { signal, headers: { accept: 'application/json' } });
}

/** Changes something: `body` goes as JSON, what comes back is decoded. */
export async function sendJson<T>(
  method: 'PUT' | 'POST' | 'DELETE',
  path: string,
  body: unknown,
  decode: (value: unknown) => T,
): Promise<T> {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const text = await request(path, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    signal: AbortSignal.timeout(sendTimeoutMs),
    ...(body === undefined ? {} : { body: content }),
  });
  return decodeAnswer(text === '' ? '{}' : text, decode);
}

/** Decodes the text of an answer; what does not follow the contract is one clear error. */
export function decodeAnswer<T>(body: string, decode: (value: unknown) => T): T {
  try {
    return decode(JSON.parse(body));
  } catch (cause) {
    const reason = cause instanceof DecodeError ? cause.message : 'it is not JSON';
    throw new ApiError('malformed', `the answer of the server cannot be read: ${reason}`);
  }
}

export async function getJson<T>(
  path: string,
  decode: (value: unknown) => T,
  signal: AbortSignal,
): Promise<T> {
  return decodeAnswer(await getText(path, signal), decode);
}
