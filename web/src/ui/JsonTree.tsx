// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import { plural } from '../base/format';
import { isArray, isObject } from '../base/json';
import { Button } from './Button';
import styles from './JsonTree.module.css';

/** More members than these are shown on demand. */
const membersShown = 50;
const stringShown = 400;
const previewLength = 60;

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (isArray(value)) return value.map((item, index) => [String(index), item] as const);
  return isObject(value) ? Object.entries(value) : undefined;
}

/** What a closed branch says of what is in it. */
function previewOf(value: unknown): string {
  const entries = entriesOf(value);
  if (entries === undefined) return '';
  if (isArray(value)) return `[${plural(value.length, 'item')}]`;
  const keys = entries.slice(0, 6).map(([key]) => key);
  const text = keys.join(', ');
  const shown = text.length > previewLength ? `${text.slice(0, previewLength)}…` : text;
  return `{ ${shown}${entries.length > keys.length ? ', …' : ''} }`;
}

function Leaf(props: { readonly value: unknown }) {
  const { value } = props;
  const [isWhole, setWhole] = useState(false);
  if (typeof value === 'string') {
    const isCut = value.length > stringShown && !isWhole;
    return (
      <span className={styles.string} dir="auto">
        {isCut ? `${value.slice(0, stringShown)}…` : value}
        {isCut && (
          <Button fit="small" look="quiet" onClick={() => setWhole(true)}>
            {plural(value.length - stringShown, 'more character')}
          </Button>
        )}
      </span>
    );
  }
  if (typeof value === 'number' || typeof value === 'bigint')
    return <span className={styles.number}>{String(value)}</span>;
  return <span className={styles.word}>{typeof value === 'boolean' ? String(value) : 'null'}</span>;
}

function Branch(props: {
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
  readonly openDepth: number;
}) {
  const { name, value, depth, openDepth } = props;
  const [isOpen, setOpen] = useState(depth < openDepth);
  const [shown, setShown] = useState(membersShown);
  const entries = entriesOf(value);
  if (entries === undefined || entries.length === 0) {
    return (
      <li className={styles.leaf}>
        <span className={styles.key}>{name}</span>{' '}
        {entries === undefined ? <Leaf value={value} /> : isArray(value) ? '[]' : '{}'}
      </li>
    );
  }
  return (
    <li>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className={styles.key}>{name}</span>{' '}
          {!isOpen && <span className={styles.preview}>{previewOf(value)}</span>}
        </summary>
        {isOpen && (
          <ul className={styles.members}>
            {members(entries.slice(0, shown), depth + 1, openDepth)}
            {entries.length > shown && (
              <li>
                <Button fit="small" onClick={() => setShown(shown + membersShown * 4)}>
                  {plural(entries.length - shown, 'more')}
                </Button>
              </li>
            )}
          </ul>
        )}
      </details>
    </li>
  );
}

function members(
  entries: readonly (readonly [string, unknown])[],
  depth: number,
  openDepth: number,
): ReactNode {
  return entries.map(([key, item]) => (
    <Branch key={key} name={key} value={item} depth={depth} openDepth={openDepth} />
  ));
}

/** A value as a tree that is drawn only as far as it is open. */
export function JsonTree(props: { readonly value: unknown; readonly openDepth?: number }) {
  const { value, openDepth = 1 } = props;
  const [shown, setShown] = useState(membersShown);
  const entries = entriesOf(value);
  if (entries === undefined) return <Leaf value={value} />;
  if (entries.length === 0)
    return <span className={styles.word}>{isArray(value) ? '[]' : '{}'}</span>;
  return (
    <ul className={styles.tree}>
      {members(entries.slice(0, shown), 1, openDepth)}
      {entries.length > shown && (
        <li>
          <Button fit="small" onClick={() => setShown(shown + membersShown * 4)}>
            {entries.length - shown} more
          </Button>
        </li>
      )}
    </ul>
  );
}
