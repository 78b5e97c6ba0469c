// SPDX-License-Identifier: Apache-2.0
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { AnySpan } from './anyMajor.js';
import { toOtlpJson } from './otlpJson.js';
import { type Outcome, type Sender, reasonOf } from './sender.js';

export interface Target {
  /** Complete, with `/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answers after which OTLP allows to send again. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Sends OTLP/HTTP JSON with what Node.js has. No request keeps the process alive: its sockets and
 * timers are unref'ed, so a program ends when its own work does, whatever the server does.
 */
export class OtlpHttpSender implements Sender {
  readonly #target: Target;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;

  /** @throws TypeError if the URL is not one of http or https. */
  constructor(target: Target) {
    const { protocol } = new URL(target.url);
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new TypeError(`'${target.url}' is not an http or https URL`);
    }
    const module = protocol === 'https:' ? https : http;
    this.#target = target;
    this.#request = module.request;
    this.#agent = new module.Agent({ keepAlive: true, maxSockets: 1 });
  }

  readonly send = async (spans: readonly AnySpan[], timeoutMs: number): Promise<Outcome> => {
    let body: Buffer;
    try {
      body = Buffer.from(toOtlpJson(spans));
    } catch (error) {
      return { kind: 'refused', reason: `cannot encode: ${reasonOf(error)}` };
    }
    try {
      return await this.#post(body, timeoutMs);
    } catch (error) {
      return { kind: 'unavailable', reason: reasonOf(error) };
    }
  };

  readonly shutdown = (): Promise<void> => {
    this.#agent.destroy();
    return Promise.resolve();
  };

  #post(body: Buffer, timeoutMs: number): Promise<Outcome> {
    const options: RequestOptions = {
      method: 'POST',
      agent: this.#agent,
      headers: {
        ...this.#target.headers,
        'content-type': 'application/json',
        'content-length': body.byteLength,
      },
    };
    return new Promise((resolve, reject) => {
      const request = this.#request(this.#target.url, options);
      const timer = setTimeout(() => {
        request.destroy(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      timer.unref();
      request.on('socket', (socket) => {
        socket.unref();
      });
      request.on('close', () => {
        clearTimeout(timer);
      });
      request.on('error', reject);
      request.on('response', (response) => {
        readText(response).then((text) => {
          resolve(outcomeOf(response, text));
        }, reject);
      });
      request.end(body);
    });
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.byteLength;
    if (size <= MAX_ANSWER_BYTES) pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage, text: string): Outcome {
  if (statusCode >= 200 && statusCode < 300) {
    return { kind: 'accepted', rejected: rejectedSpansOf(text) };
  }
  const reason = `the server answered ${statusCode}: ${text.slice(0, 200)}`;
  if (!RETRYABLE.has(statusCode)) return { kind: 'refused', reason };
  const seconds = Number(headers['retry-after']);
  return seconds > 0
    ? { kind: 'unavailable', reason, retryAfterMs: seconds * 1_000 }
    : { kind: 'unavailable', reason };
}

function rejectedSpansOf(text: string): number {
  try {
    const answer = JSON.parse(text) as { partialSuccess?: { rejectedSpans?: unknown } };
    const rejected = Number(answer.partialSuccess?.rejectedSpans);
    return rejected > 0 ? rejected : 0;
  } catch {
    return 0; // An empty answer is a full success.
  }
}
