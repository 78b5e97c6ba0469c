// SPDX-License-Identifier: Apache-2.0
// The search finds a run by whatever a person has at hand: its name, agent, workflow, session, user, run
// id, trace id, or words of its messages.

import assert from 'node:assert/strict';
import { until } from './browser.mjs';

/** A completed run that has all of these, and words of one of its answers. */
function pickRun(page) {
  return page.evaluate(async () => {
    const answer = await fetch('/api/v1/observability/traces?status=completed&limit=100');
    const { traces } = await answer.json();
    for (const trace of traces) {
      if (!trace.session_id || !trace.user_id || !trace.agent || trace.models.length === 0)
        continue;
      const { spans } = await (
        await fetch(`/api/v1/observability/traces/${trace.trace_id}`)
      ).json();
      const text = spans
        .flatMap((span) => span.messages?.output ?? [])
        .flatMap((message) => message.parts)
        .find((part) => part.type === 'text' && /^[\w ,]{30}/.test(part.content ?? ''));
      if (text !== undefined) return { ...trace, spans: [], words: text.content.slice(0, 30) };
    }
    return undefined;
  });
}

export async function searchFinds(page) {
  const run = await pickRun(page);
  assert.ok(run !== undefined, 'no run to search for');
  const field = page.getByLabel('Search names, ids and messages', { exact: true });
  const wanted = [run.name, run.agent, run.workflow_id, run.session_id, run.user_id];
  for (const text of [...wanted, run.execution_id, run.trace_id, run.words]) {
    await field.fill(text);
    await field.press('Enter');
    await until(page, (q) => new URL(location.href).searchParams.get('q') === q, text.trim());
    // The list may be long; what matters is that the run is in it, wherever it has to be scrolled to.
    await until(page, () => document.querySelector('[data-run]') !== null);
    const isFound = await page.evaluate(
      async ([q, id]) => {
        const query = new URLSearchParams({ q, limit: '1000' });
        const answer = await fetch(`/api/v1/observability/traces?${query}`);
        return (await answer.json()).traces.some((trace) => trace.trace_id === id);
      },
      [text, run.trace_id],
    );
    assert.ok(isFound, `“${text}” finds its run`);
  }
  await field.fill(run.trace_id);
  await field.press('Enter');
  await until(
    page,
    (id) => {
      const listed = [...document.querySelectorAll('[data-run]')];
      return listed.length === 1 && listed[0].getAttribute('data-run') === id;
    },
    run.trace_id,
  );
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await until(page, () => location.search === '');
}
