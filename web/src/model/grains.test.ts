// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { grainWay } from './grains';
import type { Grain } from './grains';

describe('the way from one list to another', () => {
  it.each<[string, Grain, Grain, Record<string, string>, Record<string, string>, string[]]>([
    [
      'time, who and where go along',
      'runs',
      'calls',
      { t: '1h', hold: '1', agent: 'coder', user_id: 'u' },
      { t: '1h', hold: '1', agent: 'coder', user_id: 'u' },
      [],
    ],
    [
      'failed runs lead to failed calls',
      'runs',
      'calls',
      { has_error: 'true' },
      { status: 'failed' },
      [],
    ],
    ['so does their status', 'runs', 'calls', { status: 'failed' }, { status: 'failed' }, []],
    [
      'failed calls lead to runs with errors',
      'calls',
      'runs',
      { status: 'failed' },
      { has_error: 'true' },
      [],
    ],
    ['the order goes along', 'runs', 'calls', { sort: '-cost' }, { sort: '-cost' }, []],
    ['but not one that calls do not have', 'runs', 'calls', { sort: '-errors' }, {}, []],
    [
      'runs know models without provider',
      'calls',
      'runs',
      { model: 'acme/m-1' },
      { model: 'm-1' },
      [],
    ],
    [
      'what is of a run only stays behind, and is said',
      'runs',
      'calls',
      { q: 'refund', min_duration: '3', status: 'running', agent: 'a' },
      { agent: 'a' },
      ['q', 'status', 'min_duration'],
    ],
    ['so is what is of a call only', 'calls', 'runs', { step_name: 'shell' }, {}, ['step_name']],
    [
      'sessions have no order and no model',
      'calls',
      'sessions',
      { model: 'a/b', sort: 'cost' },
      {},
      ['model'],
    ],
  ])('%s', (_name, from, to, search, expected, left) => {
    expect(grainWay(from, to, search)).toEqual({ search: expected, left });
  });

  it('stays where it is', () => {
    expect(grainWay('calls', 'calls', { kind: 'tool' }).search).toEqual({ kind: 'tool' });
  });
});
