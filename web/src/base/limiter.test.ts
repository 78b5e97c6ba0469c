// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { makeLimiter } from './limiter';

function makeWork() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

const never = new AbortController().signal;

describe('makeLimiter', () => {
  it('lets others begin when one has ended, in their order', async () => {
    const { begun, work, end } = makeWork();
    const limit = makeLimiter(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => limit(work(name), never));
    await Promise.resolve();
    expect(begun).toEqual(['a', 'b']);
    end('b');
    expect(await all[1]).toBe('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    end('a');
    end('c');
    await Promise.all([all[0], all[2]]);
    end('d');
    expect(await all[3]).toBe('d');
  });
  it('never begins what was called off while it waited', async () => {
    const { begun, work, end } = makeWork();
    const limit = makeLimiter(1);
    const first = limit(work('a'), never);
    const controller = new AbortController();
    const second = limit(work('b'), controller.signal);
    const third = limit(work('c'), never);
    controller.abort();
    await expect(second).rejects.toThrow();
    end('a');
    await first;
    await Promise.resolve();
    expect(begun).toEqual(['a', 'c']);
    end('c');
    await third;
  });
  it('goes on after a failure', async () => {
    const limit = makeLimiter(1);
    await expect(limit(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(await limit(() => Promise.resolve(1), never)).toBe(1);
  });
});
