// SPDX-License-Identifier: Apache-2.0
import { isRecord } from './feed.js';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  constructor(url: string, status: number, detail: string | undefined) {
    super(detail ?? `GET ${new URL(url).pathname} answered ${status}`);
    this.status = status;
  }
}

export async function getJson(fetch: Fetch, url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new HttpError(url, response.status, await detailOf(response));
  return response.json();
}

/**
 * The data of the first event of a Server-Sent Events stream, which is then cut.
 *
 * @param url - of a stream that sends its first event at once.
 */
export async function getFirstEvent(
  fetch: Fetch,
  url: string,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(url, { signal, headers: { accept: 'text/event-stream' } });
  if (!response.ok) throw new HttpError(url, response.status, await detailOf(response));
  if (response.body === null) throw new Error('the event stream is empty');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error('the event stream ended before its first event');
      text += decoder.decode(value, { stream: true });
      const data = firstDataOf(text);
      if (data !== undefined) return JSON.parse(data);
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** @param text - the beginning of a stream; the last event in it may be incomplete. */
function firstDataOf(text: string): string | undefined {
  const events = text.replaceAll('\r\n', '\n').split('\n\n').slice(0, -1);
  for (const event of events) {
    const lines = event.split('\n').filter((line) => line.startsWith('data:'));
    if (lines.length > 0) return lines.map((line) => line.slice('data:'.length)).join('\n');
  }
  return undefined;
}

async function detailOf(response: Response): Promise<string | undefined> {
  try {
    const body: unknown = await response.json();
    return isRecord(body) && typeof body['detail'] === 'string' ? body['detail'] : undefined;
  } catch {
    return undefined;
  }
}
