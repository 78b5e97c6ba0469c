// SPDX-License-Identifier: Apache-2.0

// The processor in programs of their own: it must not keep them alive, nor let them end too early.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startReceiver } from './support/receiver.mjs';

const DEADLINE_MS = 20_000;

let receiver;
before(async () => {
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.requests.splice(0);
});
after(() => receiver?.stop());

function start(program) {
  const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
  const child = fork(path, [receiver.url], {
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const run = { child, output: '', errors: '' };
  child.stdout.on('data', (piece) => (run.output += piece));
  child.stderr.on('data', (piece) => (run.errors += piece));
  return run;
}

/** Fails if the program does not end by itself. */
async function end(run) {
  const killer = setTimeout(() => run.child.kill('SIGKILL'), DEADLINE_MS);
  const [code, signal] = await once(run.child, 'close');
  clearTimeout(killer);
  assert.equal(signal, null, 'the program did not end');
  assert.equal(code, 0, run.errors);
}

test('a program ends though the server does not answer', async () => {
  const asked = new Promise((resolve) => {
    receiver.answer = resolve; // And never answers.
  });
  const run = start('unflushed.mjs');
  await asked;
  run.child.send('end');
  await end(run);
});

test('a program ends though a span waits for its turn', async () => {
  await end(start('idle.mjs'));
  assert.equal(receiver.requests.length, 0);
});

for (const program of ['flushed.mjs', 'required.cjs']) {
  test(`a program waits for what it flushes: ${program}`, async () => {
    receiver.answer = (response) => setTimeout(() => response.end('{}'), 50);
    const run = start(program);
    await end(run);
    assert.equal(JSON.parse(run.output).sent, 1, run.output);
    assert.deepEqual(
      receiver.spans().map(({ name }) => name),
      ['agent'],
    );
    assert.equal(run.errors, '');
  });
}
