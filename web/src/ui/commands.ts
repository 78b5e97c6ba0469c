// SPDX-License-Identifier: Apache-2.0
// What can be done on the page right now, each thing declared once: keys, the palette and the list of
// keys are made from it. A part of the page registers its commands while it is drawn.

import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Command {
  readonly id: string;
  /** What it does, as an order: "Go to the next error". */
  readonly title: string;
  /** As in `KeyboardEvent.key`; `Mod+` before it asks for Ctrl or ⌘. */
  readonly key?: string | undefined;
  readonly run: () => void;
}

interface Registration {
  readonly get: () => Command;
}

/** Of two with one key the one that came later has it. */
let registrations: readonly Registration[] = [];
let commands: readonly Command[] = [];
const listeners = new Set<() => void>();

function setRegistrations(next: readonly Registration[]): void {
  registrations = next;
  commands = next.map(({ get }) => get());
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All commands, in the order in which they came. */
export function useCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => commands);
}

/** Offers a command as long as the caller is drawn; undefined offers none. */
export function useCommand(command: Command | undefined): void {
  const latest = useRef(command);
  useEffect(() => {
    latest.current = command;
  });
  const isThere = command !== undefined;
  const id = command?.id;
  const title = command?.title;
  const key = command?.key;
  useEffect(() => {
    if (!isThere || id === undefined || title === undefined) return undefined;
    const entry: Registration = {
      get: () => ({ id, title, key, run: () => latest.current?.run() }),
    };
    setRegistrations([...registrations, entry]);
    return () => setRegistrations(registrations.filter((other) => other !== entry));
  }, [isThere, id, title, key]);
}

function isTyping(target: unknown): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea');
}

/** The command that a key press asks for. Keys without Mod do nothing while something is typed. */
export function commandFor(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>,
  offered: readonly Command[],
): Command | undefined {
  if (event.altKey) return undefined;
  const hasMod = event.ctrlKey || event.metaKey;
  if (!hasMod && isTyping(event.target)) return undefined;
  const wanted = hasMod ? `Mod+${event.key.toLowerCase()}` : event.key;
  return offered.findLast((command) => command.key === wanted);
}

/** Runs commands by their keys, until the answer is called. Open dialogs have keys of their own. */
export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (document.querySelector('dialog[open], :popover-open') !== null) return;
    const command = commandFor(event, commands);
    if (command === undefined) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

const keyNames: ReadonlyMap<string, string> = new Map([
  ['Escape', 'Esc'],
  ['ArrowDown', '↓'],
  ['ArrowUp', '↑'],
]);

/** A key as it is written on a keyboard. */
export function keyText(key: string): string {
  const bare = key.replace(/^Mod\+/, '');
  const name = keyNames.get(bare) ?? bare.toUpperCase();
  return key.startsWith('Mod+') ? `Ctrl ${name}` : name;
}
