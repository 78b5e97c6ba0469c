// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0

import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Usage } from '../../model/span';
import { draw } from '../../parts/drawForTesting';
import { CallsView } from './CallsView';
import { giveScreen, makeRunState, ran } from './runFixture';

function usage(inputTotal: number, outputTotal: number): Usage {
  return {
    inputTotal,
    outputTotal,
    total: inputTotal + outputTotal,
    cacheRead: undefined,
    cacheWrite: undefined,
    reasoning: undefined,
    audioIn: undefined,
    audioOut: undefined,
  };
}

const spans = [
  ran('lead', undefined, 0, 100, { kind: 'agent' }),
  ran('plan', 'lead', 0, 20, {
    kind: 'llm',
    title: 'plan it',
    model: 'gpt-x',
    usage: usage(900, 100),
    cost: { kind: 'priced', usd: 0.5 },
    outputPreview: 'first I look',
  }),
  ran('look', 'lead', 30, 35, {
    kind: 'tool',
    title: 'look up',
    status: 'failed',
    errorMessage: 'no such file',
  }),
  ran('write', 'lead', 60, 100, {
    kind: 'llm',
    title: 'write it',
    model: 'gpt-y',
    usage: usage(2000, 3000),
    cost: { kind: 'priced', usd: 0.25 },
  }),
];

beforeEach(() => void giveScreen());
afterEach(() => void vi.restoreAllMocks());

async function show(search: Readonly<Record<string, string>> = {}, changes = {}) {
  const state = makeRunState(spans, search, changes);
  draw(<CallsView state={state} />, '/runs/t1', () => undefined);
  await screen.findByTestId('call-sums');
  return state;
}

const names = (): readonly string[] =>
  screen.queryAllByRole('link').map((link) => link.textContent);
const sums = (): string => screen.getByTestId('call-sums').textContent;

describe('CallsView', () => {
  it('lists calls of models and tools in order of time, with their sums', async () => {
    await show();
    expect(names()).toEqual(['plan it', 'look up', 'write it']);
    expect(sums()).toBe(
      '3 calls · 1 failure · 1 m 05 s · 6,000 tokens · $0.750'.replaceAll(/ (m|s)\b/g, '\u202f$1'),
    );
    expect(screen.getByText('no such file')).toBeTruthy();
    expect(screen.getByText('first I look')).toBeTruthy();
    expect(screen.queryByText('lead')).toBeNull();
  });

  it.each([
    ['dearest first', '-cost', ['plan it', 'write it', 'look up']],
    ['cheapest first, unknown ones before', 'cost', ['look up', 'write it', 'plan it']],
    ['longest first', '-duration', ['write it', 'plan it', 'look up']],
    ['most tokens first', '-tokens', ['write it', 'plan it', 'look up']],
    ['by name', 'name', ['look up', 'plan it', 'write it']],
  ])('%s', async (_name, sort, expected) => {
    await show({ sort });
    expect(names()).toEqual(expected);
  });

  it('asks for another order by the head of a column', async () => {
    const state = await show();
    fireEvent.click(screen.getByRole('button', { name: 'Cost' }));
    expect(state.setSort).toHaveBeenCalledWith({ columnId: 'cost', isDescending: true });
  });

  it.each([
    ['models', { calls: 'model' }, {}, ['plan it', 'write it']],
    ['tools', { calls: 'tool' }, {}, ['look up']],
    ['what is looked for', { find: 'write' }, { matches: ['write', 'lead'] }, ['write it']],
    ['what ran in the range', { range: '25-40' }, {}, ['look up']],
  ])('shows only %s', async (_name, search, changes, expected) => {
    await show(search, changes);
    expect(names()).toEqual(expected);
  });

  it('opens the details of the row that is clicked', async () => {
    const state = await show();
    fireEvent.click(screen.getByText('no such file'));
    await waitFor(() => expect(state.select).toHaveBeenCalledWith('look'));
  });

  it('opens the details by its link, and keeps the rest of the address', async () => {
    const state = makeRunState(spans);
    const { search } = draw(<CallsView state={state} />, '/runs/t1?view=calls', () => undefined);
    fireEvent.click(await screen.findByRole('link', { name: 'plan it' }));
    await waitFor(() => expect(search()).toEqual({ view: 'calls', span: 'plan' }));
  });

  it('says what there is nothing of, and how to see more', async () => {
    const state = await show({ range: '50-55' });
    expect(screen.getByText('No call in this range')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Look at the whole run' }));
    expect(state.setRange).toHaveBeenCalledWith(undefined);
  });

  it('says that the run made no call', async () => {
    const state = makeRunState([ran('a', undefined, 0, 1)]);
    draw(<CallsView state={state} />, '/runs/t1', () => undefined);
    expect(await screen.findByText('This run made no call')).toBeTruthy();
  });
});
