// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import { useJudgementChanges, useNotes, useScores } from '../../../api/judgementQueries';
import { scoreText } from '../../../model/judgement';
import type { Note, Score } from '../../../model/judgement';
import { Button } from '../../../ui/Button';
import { Fold } from '../../../ui/Fold';
import { Icon } from '../../../ui/Icon';
import { ErrorNotice, Skeleton } from '../../../ui/Notice';
import { useClock } from '../../../ui/useClock';
import panelStyles from '../Panel.module.css';
import type { RunState } from '../useRunState';
import styles from './Judge.module.css';
import { NoteForm, ScoreForm } from './ScoreForm';
import { texts } from './texts';

/** What was said of the run and its steps, or of one step, and the ways to say something. */
export function Judgements(props: {
  readonly state: RunState;
  /** Undefined for the run with all of its steps. */
  readonly spanId: string | undefined;
}) {
  const { state, spanId } = props;
  const { run } = state.view;
  const scores = useScores(run);
  const notes = useNotes(run);
  const changes = useJudgementChanges(run.traceId);
  const isShown = (item: { readonly spanId: string | undefined }): boolean =>
    spanId === undefined || item.spanId === spanId;
  const shownScores = scores.data?.items.filter(isShown) ?? [];
  const shownNotes = notes.data?.items.filter(isShown) ?? [];
  const failed = scores.error ?? notes.error;
  const isLoading = scores.isPending || notes.isPending;
  const isEmpty = shownScores.length + shownNotes.length === 0;
  const removal = changes.removeScore.error ?? changes.removeNote.error;
  return (
    <section className={panelStyles.section} data-testid="judgements">
      <h3>{texts.title}</h3>
      {failed !== null && (
        <ErrorNotice
          message={`Cannot load scores and notes: ${failed.message}`}
          onRetry={() => {
            void scores.refetch();
            void notes.refetch();
          }}
        />
      )}
      {removal !== null && <ErrorNotice message={`Cannot delete it: ${removal.message}`} />}
      {isLoading && failed === null && <Skeleton width="60%" />}
      {!isLoading && isEmpty && failed === null && <p className={styles.muted}>{texts.none}</p>}
      <Items
        scores={shownScores}
        notes={shownNotes}
        changes={changes}
        onShow={spanId === undefined ? state.select : undefined}
      />
      {(scores.data?.hasMore === true || notes.data?.hasMore === true) && (
        <p className={styles.muted}>{texts.newest}</p>
      )}
      <div className={styles.folds}>
        <Fold title={texts.give}>
          <ScoreForm spanId={spanId} changes={changes} />
        </Fold>
        <Fold title={texts.write}>
          <NoteForm spanId={spanId} changes={changes} />
        </Fold>
      </div>
    </section>
  );
}

/** The scores, then the notes, the newest of each first. */
function Items(props: {
  readonly scores: readonly Score[];
  readonly notes: readonly Note[];
  readonly changes: ReturnType<typeof useJudgementChanges>;
  /** Leads to the step of one that is of a step. */
  readonly onShow: ((spanId: string) => void) | undefined;
}) {
  const { scores, notes, changes, onShow } = props;
  const whose = (spanId: string | undefined): ReactNode =>
    spanId !== undefined && onShow !== undefined ? (
      <Button fit="small" look="quiet" onClick={() => onShow(spanId)}>
        {texts.showStep}
      </Button>
    ) : undefined;
  return (
    <ul className={styles.list}>
      {scores.map((score) => (
        <Item
          key={score.id}
          head={
            <>
              <bdi>{score.name}</bdi> <strong dir="auto">{scoreText(score)}</strong>
            </>
          }
          by={score.author ?? score.source}
          timeNs={score.timeNs}
          end={whose(score.spanId)}
          name={`the score ${score.name}`}
          onRemove={() => changes.removeScore.mutate(score.id)}
        >
          {score.comment}
        </Item>
      ))}
      {notes.map((note) => (
        <Item
          key={note.id}
          by={note.author}
          timeNs={note.timeNs}
          end={whose(note.spanId)}
          name="this note"
          onRemove={() => changes.removeNote.mutate(note.id)}
        >
          {note.text}
        </Item>
      ))}
    </ul>
  );
}

/** One of them; it is deleted with a second press. */
function Item(props: {
  readonly head?: ReactNode;
  readonly by: string | undefined;
  readonly timeNs: bigint | undefined;
  readonly end: ReactNode;
  /** What the button to delete it says. */
  readonly name: string;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}) {
  const [isAsked, setAsked] = useState(false);
  const clock = useClock();
  return (
    <li className={styles.item}>
      <span className={styles.line}>
        {props.head}
        <span className={styles.muted} title={clock.exact(props.timeNs)}>
          {props.by !== undefined && <bdi>{props.by}, </bdi>}
          {clock.moment(props.timeNs)}
        </span>
        <span className={styles.end}>
          {props.end}
          {/* One button for both presses, so that the focus stays where it is. */}
          <Button
            fit={isAsked ? 'small' : 'icon'}
            look={isAsked ? 'normal' : 'quiet'}
            aria-label={isAsked ? undefined : `Delete ${props.name}…`}
            title={isAsked ? undefined : 'Delete…'}
            onBlur={() => setAsked(false)}
            onClick={isAsked ? props.onRemove : () => setAsked(true)}
          >
            {isAsked ? `Delete ${props.name}` : <Icon name="close" size={12} />}
          </Button>
        </span>
      </span>
      {props.children !== undefined && (
        <p className={styles.text} dir="auto">
          {props.children}
        </p>
      )}
    </li>
  );
}
