// SPDX-License-Identifier: Apache-2.0
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { AnySpan } from './anyMajor.js';
import type { Clock } from './clock.js';
import { type Outcome, type Sender, reasonOf } from './sender.js';

const SUCCESS = 0;

/** Sends through an exporter of the SDK, which this class owns and shuts down. */
export class ExporterSender implements Sender {
  readonly #exporter: SpanExporter;
  readonly #clock: Clock;

  constructor(exporter: SpanExporter, clock: Clock) {
    this.#exporter = exporter;
    this.#clock = clock;
  }

  readonly send = (spans: readonly AnySpan[], timeoutMs: number): Promise<Outcome> =>
    new Promise((resolve) => {
      const refuse = (reason: string): void => {
        resolve({ kind: 'refused', reason });
      };
      // Some exporters never call back.
      const cancelTimeout = this.#clock.schedule(() => {
        refuse(`the exporter did not finish within ${timeoutMs} ms`);
      }, timeoutMs);
      try {
        // `makePendingSpan` gave them the fields of both major versions.
        const readable = [...spans] as unknown as ReadableSpan[];
        this.#exporter.export(readable, ({ code, error }) => {
          cancelTimeout();
          // An exporter has done its own retries before it reports a failure.
          if (code === SUCCESS) resolve({ kind: 'accepted', rejected: 0 });
          else refuse(error?.message ?? 'the exporter failed');
        });
      } catch (error) {
        cancelTimeout();
        refuse(reasonOf(error));
      }
    });

  readonly shutdown = (): Promise<void> => this.#exporter.shutdown();
}
