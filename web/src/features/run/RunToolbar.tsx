// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { plural } from '../../base/format';
import { Button } from '../../ui/Button';
import { useCommand } from '../../ui/commands';
import { Icon } from '../../ui/Icon';
import { TextField } from '../../ui/TextField';
import styles from './RunToolbar.module.css';
import type { RunState } from './useRunState';

/** What all views of a run have in common: looking for spans, and walking through errors. */
export function RunToolbar(props: {
  readonly state: RunState;
  readonly follow: ReactNode;
  readonly children: ReactNode;
}) {
  const { state } = props;
  const { errors } = state;
  const at = errors.indexOf(state.search.span ?? '');
  const goToError = (step: number): void => {
    const from = at < 0 && step < 0 ? 0 : at;
    const next = errors[(from + step + errors.length) % errors.length];
    if (next !== undefined) state.select(next);
  };
  const hasErrors = errors.length > 0;
  useCommand(
    hasErrors
      ? { id: 'next error', title: 'Go to the next error', key: 'e', run: () => goToError(1) }
      : undefined,
  );
  useCommand(
    hasErrors
      ? {
          id: 'previous error',
          title: 'Go to the error before',
          key: 'E',
          run: () => goToError(-1),
        }
      : undefined,
  );
  return (
    <div className={styles.tools} role="toolbar" aria-label="Run">
      {props.children}
      <span className={styles.end}>
        <Find state={state} />
        {hasErrors && (
          <Button
            onClick={() => goToError(1)}
            title="Go to the next failed span, from the cause on"
          >
            <Icon name="alert" size={12} />
            {at < 0 ? plural(errors.length, 'error') : `error ${at + 1} of ${errors.length}`}
          </Button>
        )}
        {props.follow}
      </span>
    </div>
  );
}

function Find(props: { readonly state: RunState }) {
  const { matches, search, selectedRow, view, select, setFind } = props.state;
  const at = matches?.indexOf(search.span ?? '') ?? -1;
  const { indexById } = view.tree;
  /** From the selected span on, whether it matches or not. */
  const go = (step: number): void => {
    if (matches === undefined || matches.length === 0) return;
    const rowOf = (id: string): number => indexById.get(id) ?? -1;
    const next =
      step > 0
        ? (matches.find((id) => rowOf(id) > selectedRow) ?? matches[0])
        : (matches.findLast((id) => rowOf(id) < selectedRow) ?? matches.at(-1));
    select(next);
  };
  const hasMatches = matches !== undefined && matches.length > 0;
  useCommand(
    hasMatches
      ? { id: 'next match', title: 'Go to the next match', key: 'n', run: () => go(1) }
      : undefined,
  );
  useCommand(
    hasMatches
      ? { id: 'previous match', title: 'Go to the match before', key: 'N', run: () => go(-1) }
      : undefined,
  );
  return (
    <>
      <span
        className={styles.find}
        onKeyDown={(event) => {
          // The button that clears the field is pressed with Enter, too.
          const isField = event.target instanceof HTMLInputElement;
          if (event.key !== 'Enter' || !isField || !hasMatches) return;
          go(event.shiftKey ? -1 : 1);
        }}
        role="presentation"
      >
        <TextField
          label="Find in run"
          title="Looks into names, models, errors and the beginnings of what was said"
          icon="search"
          shortcut="/"
          value={search.find}
          onChange={setFind}
        />
      </span>
      {matches !== undefined && (
        <span className={styles.note} role="status">
          {at < 0 ? plural(matches.length, 'match', 'matches') : `${at + 1} of ${matches.length}`}
        </span>
      )}
      {hasMatches && (
        <span className={styles.steps}>
          <Button fit="icon" look="quiet" aria-label="Match before" onClick={() => go(-1)}>
            <Icon name="back" />
          </Button>
          <Button fit="icon" look="quiet" aria-label="Next match" onClick={() => go(1)}>
            <Icon name="chevron" />
          </Button>
        </span>
      )}
    </>
  );
}
