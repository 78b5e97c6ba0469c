// SPDX-License-Identifier: Apache-2.0

/** A clock that stands still: `advance` runs what is due, in the order of time. */
export class FakeClock {
  now = 0;
  holds = 0;
  #timers = new Set();

  nowMs = () => this.now;

  schedule = (callback, delayMs) => {
    const timer = { at: this.now + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  holdProcess = () => {
    this.holds += 1;
    return () => (this.holds -= 1);
  };

  get pending() {
    return this.#timers.size;
  }

  /** Lets promises settle after each callback, as the event loop does. */
  async advance(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end);
      if (due.length === 0) break;
      const next = due.reduce((first, timer) => (timer.at < first.at ? timer : first));
      this.#timers.delete(next);
      this.now = next.at;
      next.callback();
      await settle();
    }
    this.now = end;
    await settle();
  }
}

export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** An exporter that keeps what it gets and answers as `answer` says; undefined answers nothing. */
export class FakeExporter {
  batches = [];
  shutdowns = 0;
  answer = () => ({ code: 0 });

  export(spans, done) {
    this.batches.push(spans);
    const result = this.answer();
    if (result !== undefined) done(result);
  }

  shutdown() {
    this.shutdowns += 1;
    return Promise.resolve();
  }

  get names() {
    return this.batches.flat().map((span) => span.name);
  }
}
