// SPDX-License-Identifier: Apache-2.0

// Runs a hook in a component of react-dom, in a document of happy-dom. Import it before react-dom,
// which looks for a document when it is loaded.

import { Window } from 'happy-dom';
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

const window = new Window();
globalThis.window = window;
globalThis.document = window.document;
globalThis.navigator ??= window.navigator;

const { StrictMode, createElement } = await import('react');
const { createRoot } = await import('react-dom/client');

const DEADLINE_MS = 10_000;
const POLL_MS = 5;

/** Waits until `condition` holds. @returns what it answered. */
export async function until(condition, describe = () => 'the condition never held') {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    assert.ok(Date.now() < deadline, describe());
    await delay(POLL_MS);
  }
}

/**
 * @param useHook - called with the argument of `renderHook` or of the last `rerender`.
 * @returns `results`, what the hook answered in each render; `until`, which waits for a result.
 */
export function renderHook(useHook, initialArgument, { strict = false } = {}) {
  const results = [];
  const Probe = ({ argument }) => {
    results.push(useHook(argument));
    return null;
  };
  const root = createRoot(document.createElement('div'));
  const render = (argument) => {
    const probe = createElement(Probe, { argument });
    root.render(strict ? createElement(StrictMode, null, probe) : probe);
  };
  render(initialArgument);
  return {
    results,
    result: () => results.at(-1),
    rerender: render,
    unmount: () => root.unmount(),
    until: (condition) =>
      until(
        () => results.length > 0 && condition(results.at(-1)) && results.at(-1),
        () => `the last result was ${JSON.stringify(results.at(-1))}`,
      ),
  };
}
