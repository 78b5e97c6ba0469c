// SPDX-License-Identifier: Apache-2.0

import { Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import type { MouseEvent, SyntheticEvent } from 'react';
import { useViewChanges } from '../../api/viewQueries';
import { describeQuery } from '../../model/savedView';
import type { SavedView, ViewPage } from '../../model/savedView';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { FormField } from '../../ui/FormField';
import { ErrorNotice } from '../../ui/Notice';
import { mostNameLength, texts } from './texts';
import { useKeptQuery } from './useKeptQuery';
import styles from './Views.module.css';

function closeMenu(event: MouseEvent<HTMLElement>): void {
  event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
}

/** One saved view: its name opens it, its link can be sent, and it can be changed. */
export function ViewItem(props: {
  readonly view: SavedView;
  readonly page: ViewPage;
  readonly isShown: boolean;
}) {
  const { view, page, isShown } = props;
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const linkText = (): string => {
    const { href } = router.buildLocation({ to: page.path, search: view.query });
    return new URL(href, window.location.origin).href;
  };
  return (
    <li className={styles.item} data-view={view.id}>
      <div className={styles.line}>
        <Link
          to={page.path}
          search={view.query}
          className={styles.name}
          aria-current={isShown ? 'page' : undefined}
          title={describeQuery(view.query)}
          onClick={closeMenu}
          dir="auto"
        >
          {view.name}
        </Link>
        <CopyButton text={linkText} label={`${texts.copy}: ${view.name}`} />
        <Button
          fit="small"
          look="quiet"
          aria-expanded={isOpen}
          aria-label={`${texts.change}: ${view.name}`}
          onClick={() => setOpen(!isOpen)}
        >
          {texts.change}
        </Button>
      </div>
      {isOpen && <ViewTools view={view} page={page} onDone={() => setOpen(false)} />}
    </li>
  );
}

function ViewTools(props: {
  readonly view: SavedView;
  readonly page: ViewPage;
  readonly onDone: () => void;
}) {
  const { view, onDone } = props;
  const query = useKeptQuery(props.page);
  const { replace, remove } = useViewChanges();
  const [name, setName] = useState(view.name);
  const [isAsked, setAsked] = useState(false);
  const error = replace.error ?? remove.error;
  const isBusy = replace.isPending || remove.isPending;
  const onRename = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    replace.mutate({ view, change: { name: name.trim() } }, { onSuccess: onDone });
  };
  return (
    <div className={styles.tools}>
      {error !== null && <ErrorNotice message={`Cannot change it: ${error.message}`} />}
      <form
        className={styles.form}
        aria-label={`${texts.rename}: ${view.name}`}
        onSubmit={onRename}
      >
        <FormField
          label={texts.name}
          value={name}
          onChange={setName}
          maxLength={mostNameLength}
          isRequired
        />
        <Button type="submit" disabled={isBusy || name.trim() === ''}>
          {texts.rename}
        </Button>
      </form>
      <div className={styles.line}>
        <Button
          fit="small"
          disabled={isBusy}
          title={describeQuery(query)}
          onClick={() => replace.mutate({ view, change: { query } }, { onSuccess: onDone })}
        >
          {texts.replace}
        </Button>
        {isAsked ? (
          <>
            <Button fit="small" disabled={isBusy} onClick={() => remove.mutate(view.id)}>
              {`${texts.remove} “${view.name}”`}
            </Button>
            <Button fit="small" look="quiet" onClick={() => setAsked(false)}>
              {texts.keep}
            </Button>
          </>
        ) : (
          <Button fit="small" onClick={() => setAsked(true)}>
            {texts.remove}…
          </Button>
        )}
      </div>
    </div>
  );
}
