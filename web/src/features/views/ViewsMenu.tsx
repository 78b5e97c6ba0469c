// SPDX-License-Identifier: Apache-2.0

import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useViewChanges, useViews } from '../../api/viewQueries';
import { describeQuery, findViews, viewPageAt, viewShown } from '../../model/savedView';
import type { ViewPage } from '../../model/savedView';
import { LinesSkeleton } from '../../parts/AnswerOf';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { useCommand } from '../../ui/commands';
import { FormField } from '../../ui/FormField';
import { Icon } from '../../ui/Icon';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { Popover } from '../../ui/Popover';
import { TextField } from '../../ui/TextField';
import { mostNameLength, texts } from './texts';
import { useKeptQuery } from './useKeptQuery';
import { ViewItem } from './ViewItem';
import styles from './Views.module.css';

/** So many views are seen at a glance. */
const fewViews = 8;

/** What people have saved of the page that is open; nothing on pages that are of one thing. */
export function ViewsMenu() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const page = viewPageAt(path);
  return page === undefined ? undefined : <MenuOf key={page.page} page={page} />;
}

function MenuOf(props: { readonly page: ViewPage }) {
  const { page } = props;
  const { search } = useAddress();
  const views = useViews(page.page);
  const box = useRef<HTMLSpanElement>(null);
  const shown = viewShown(views.data ?? [], search);
  useCommand({
    id: 'views',
    title: 'Saved views of this page',
    key: 'v',
    run: () => box.current?.querySelector('button')?.click(),
  });
  return (
    <span ref={box} className={styles.menu} data-testid="views">
      <Popover
        label={texts.menu}
        title={`${texts.menu} (V)`}
        className={styles.face}
        face={
          <>
            <bdi className={styles.shown}>{shown?.name ?? texts.face}</bdi>
            <Icon name="down" size={10} />
          </>
        }
      >
        <ViewsPanel page={page} query={views} />
      </Popover>
    </span>
  );
}

function ViewsPanel(props: {
  readonly page: ViewPage;
  readonly query: ReturnType<typeof useViews>;
}) {
  const { page, query } = props;
  const { search } = useAddress();
  const [wanted, setWanted] = useState('');
  const { refetch } = query;
  // Others may have saved some since the page was opened.
  useEffect(() => void refetch(), [refetch]);
  const views = query.data;
  const found = findViews(views ?? [], wanted);
  const shown = viewShown(views ?? [], search);
  return (
    <div className={styles.panel}>
      {query.isError && (
        <ErrorNotice
          message={`Cannot load views: ${query.error.message}`}
          onRetry={() => void refetch()}
        />
      )}
      {query.isPending && <LinesSkeleton lines={3} />}
      {views?.length === 0 && (
        <EmptyState title={texts.none} isCompact>
          {texts.noneHint}
        </EmptyState>
      )}
      {views !== undefined && views.length > fewViews && (
        <TextField label={texts.find} icon="search" value={wanted} onChange={setWanted} />
      )}
      {views !== undefined && views.length > 0 && found.length === 0 && (
        <EmptyState title={`None of ${views.length} views is called “${wanted}”`} isCompact />
      )}
      <ul className={styles.list}>
        {found.map((view) => (
          <ViewItem key={view.id} view={view} page={page} isShown={view.id === shown?.id} />
        ))}
      </ul>
      <SaveForm page={page} />
    </div>
  );
}

function SaveForm(props: { readonly page: ViewPage }) {
  const { create } = useViewChanges();
  const [name, setName] = useState('');
  const query = useKeptQuery(props.page);
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    create.mutate(
      { name: name.trim(), page: props.page.page, query },
      { onSuccess: () => setName('') },
    );
  };
  return (
    <form className={styles.form} aria-label={texts.saveAs} onSubmit={onSubmit}>
      <FormField
        label={texts.name}
        value={name}
        onChange={setName}
        maxLength={mostNameLength}
        hint={`Keeps ${describeQuery(query)}.`}
        problem={create.isError ? `Cannot save it: ${create.error.message}` : undefined}
      />
      <Button type="submit" disabled={name.trim() === '' || create.isPending}>
        {texts.saveAs}
      </Button>
    </form>
  );
}
