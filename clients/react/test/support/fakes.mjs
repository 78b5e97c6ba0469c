// SPDX-License-Identifier: Apache-2.0

// A clock and sockets that do only what the test says, when it says so.

/** Runs nothing by itself: `advance` does, in the order of time. */
export class FakeClock {
  now = 0;
  chance = 0;
  #timers = new Set();

  schedule = (callback, delayMs) => {
    const timer = { at: this.now + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  random = () => this.chance;

  get pending() {
    return this.#timers.size;
  }

  advance(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end);
      if (due.length === 0) break;
      const next = due.reduce((first, timer) => (timer.at < first.at ? timer : first));
      this.#timers.delete(next);
      this.now = next.at;
      next.callback();
    }
    this.now = end;
  }
}

/** A constructor in the place of WebSocket that remembers the sockets it made. */
export function fakeSockets() {
  const sockets = [];
  class FakeSocket {
    onopen = null;
    onmessage = null;
    onclose = null;
    onerror = null;
    sent = [];
    closedWith = undefined;

    constructor(url) {
      this.url = url;
      sockets.push(this);
    }

    send(text) {
      this.sent.push(text);
    }

    close(code) {
      this.closedWith = code;
    }

    open() {
      this.onopen?.({});
    }

    receive(message) {
      this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
    }

    drop(code, reason = '') {
      this.onclose?.({ code, reason });
    }
  }
  return { FakeSocket, sockets };
}

/** A feed of numbers; `polls` holds the questions that wait for `resolve` or `reject`. */
export function numberFeed({ lastValue } = {}) {
  const polls = [];
  return {
    polls,
    socketUrl: () => 'ws://server/numbers',
    isFinal: (value) => value === lastValue,
    read: (message) => {
      if (message.error) return { kind: 'problem', message: message.error };
      return 'value' in message ? { kind: 'value', value: message.value } : { kind: 'other' };
    },
    poll: (signal) =>
      new Promise((resolve, reject) => {
        polls.push({ signal, resolve, reject });
      }),
  };
}

/** Lets promises that are settled call back. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
