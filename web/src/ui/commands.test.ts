// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commandFor, keyText } from './commands';

const command = (id: string, key?: string) => ({ id, title: id, key, run: () => undefined });
const offered = [command('find', '/'), command('open', 'Mod+k'), command('close', 'Escape')];
const press = (key: string, change = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  target: null,
  ...change,
});

// A field that is typed in is one of the browser's; here there are none.
beforeAll(() => void vi.stubGlobal('HTMLElement', Object));
afterAll(() => void vi.unstubAllGlobals());

describe('commandFor', () => {
  it.each([
    ['a key', press('/'), 'find'],
    ['Ctrl and a key', press('k', { ctrlKey: true }), 'open'],
    ['⌘ and a key', press('K', { metaKey: true }), 'open'],
    ['a key that needs Ctrl', press('k'), undefined],
    ['Ctrl with a key that needs none', press('/', { ctrlKey: true }), undefined],
    ['Alt is for the browser', press('/', { altKey: true }), undefined],
  ])('%s', (_name, event, id) => {
    expect(commandFor(event, offered)?.id).toBe(id);
  });

  it('gives a key to the command that came last', () => {
    expect(commandFor(press('/'), [...offered, command('other', '/')])?.id).toBe('other');
  });
});

describe('keyText', () => {
  it.each([
    ['Escape', 'Esc'],
    ['Mod+k', 'Ctrl K'],
    ['e', 'E'],
    ['/', '/'],
  ])('%s is %s', (key, text) => expect(keyText(key)).toBe(text));
});
