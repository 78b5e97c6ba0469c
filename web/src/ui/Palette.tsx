// SPDX-License-Identifier: Apache-2.0

import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { keyText, useCommand, useCommands } from './commands';
import type { Command } from './commands';
import styles from './Palette.module.css';

function matches(command: Command, words: string): boolean {
  const title = command.title.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => title.includes(word));
}

/** Commands without those that only open this, the latest of each id. */
function useOffered(): readonly Command[] {
  const byId = new Map(useCommands().map((command) => [command.id, command]));
  return [...byId.values()].filter(({ id }) => !id.startsWith('palette.'));
}

/** Everything that can be done on this page, found by its words; and the list of its keys. */
export function Palette() {
  const palette = useRef<HTMLDialogElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const open = (): void => {
    setOpen(true);
    palette.current?.showModal();
  };
  useCommand({ id: 'palette.open', title: 'Open the palette', key: 'Mod+k', run: open });
  useCommand({
    id: 'help',
    title: 'Show all keys',
    key: '?',
    run: () => help.current?.showModal(),
  });
  return (
    <>
      <dialog
        ref={palette}
        className={styles.dialog}
        aria-label="Commands"
        onClose={() => setOpen(false)}
      >
        {isOpen && <CommandList close={() => palette.current?.close()} />}
      </dialog>
      <dialog ref={help} className={styles.dialog} aria-label="Keys">
        <KeyList />
      </dialog>
    </>
  );
}

function CommandList(props: { readonly close: () => void }) {
  const [words, setWords] = useState('');
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const found = useOffered().filter((command) => matches(command, words));
  useEffect(() => input.current?.focus(), []);
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    props.close();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((active + step + found.length) % Math.max(1, found.length));
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      run(found[active]);
    }
  };
  return (
    <>
      <input
        ref={input}
        className={styles.input}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found.length > 0 ? `${listId}-${active}` : undefined}
        aria-label="What to do"
        placeholder="What to do"
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label="Commands" className={styles.list}>
        {found.map((command, index) => (
          <button
            key={command.id}
            id={`${listId}-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={styles.item}
            onClick={() => run(command)}
          >
            {command.title}
            {command.key !== undefined && <kbd>{keyText(command.key)}</kbd>}
          </button>
        ))}
      </div>
      {found.length === 0 && <p className={styles.none}>Nothing of that kind can be done here.</p>}
    </>
  );
}

const listKeys: readonly (readonly [key: string, what: string])[] = [
  ['↑ ↓', 'Next and previous row'],
  ['← →', 'Close and open a branch of the tree'],
  ['Home End', 'First and last row'],
  ['Enter', 'Open the row'],
];

function KeyList() {
  const offered = useCommands().filter((command) => command.key !== undefined);
  return (
    <>
      <h2 className={styles.title}>Keys</h2>
      <dl className={styles.keys}>
        {offered.map((command) => (
          <div key={command.id}>
            <dt>
              <kbd>{keyText(command.key ?? '')}</kbd>
            </dt>
            <dd>{command.title}</dd>
          </div>
        ))}
        {listKeys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button className={styles.close}>Close</button>
      </form>
    </>
  );
}
