// SPDX-License-Identifier: Apache-2.0

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isObject, readObjects, readText } from '../base/json';
import type { JsonObject } from '../base/json';
import type { NewestOf, Note, Score, ScoreInput, ScoreValue } from '../model/judgement';
import { DecodeError } from './decodeError';
import { readTime } from './decodeSpan';
import { getJson, sendJson } from './httpClient';
import type { Wire } from './wire';

const scoresPath = '/api/v1/scores';
const notesPath = '/api/v1/annotations';
const mostShown = 200;

function decodeValue(value: unknown): ScoreValue {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value;
  throw new DecodeError('a score has no value');
}

export function decodeScore(object: JsonObject): Score {
  const score: Wire<'Score'> = object;
  const id = readText(score, 'id');
  if (id === undefined) throw new DecodeError('a score has no id');
  return {
    id,
    name: readText(score, 'name') ?? '',
    value: decodeValue(score.value),
    label: readText(score, 'label'),
    spanId: readText(score, 'span_id'),
    comment: readText(score, 'comment'),
    source: readText(score, 'source') ?? 'api',
    author: readText(score, 'author'),
    timeNs: readTime(score, 'timestamp'),
  };
}

export function decodeNote(object: JsonObject): Note {
  const note: Wire<'Annotation'> = object;
  const id = readText(note, 'id');
  if (id === undefined) throw new DecodeError('an annotation has no id');
  return {
    id,
    text: readText(note, 'text') ?? '',
    spanId: readText(note, 'span_id'),
    author: readText(note, 'author'),
    timeNs: readTime(note, 'timestamp'),
  };
}

function decodeScores(value: unknown): NewestOf<Score> {
  if (!isObject(value)) throw new DecodeError('the list of scores is not an object');
  const page: Wire<'ScorePage'> = value;
  return {
    items: readObjects(page, 'scores').map(decodeScore),
    hasMore: readText(page, 'next_cursor') !== undefined,
  };
}

function decodeNotes(value: unknown): NewestOf<Note> {
  if (!isObject(value)) throw new DecodeError('the list of annotations is not an object');
  const page: Wire<'AnnotationPage'> = value;
  return {
    items: readObjects(page, 'annotations').map(decodeNote),
    hasMore: readText(page, 'next_cursor') !== undefined,
  };
}

/** Of a run and its steps; read again when the run goes from one state to another, as judges come after. */
function useOfRun<Item>(
  kind: 'scores' | 'notes',
  run: { readonly traceId: string; readonly status: string },
  decode: (value: unknown) => NewestOf<Item>,
) {
  const query = new URLSearchParams({ trace_id: run.traceId, limit: String(mostShown) });
  const path = kind === 'scores' ? scoresPath : notesPath;
  return useQuery({
    queryKey: [kind, run.traceId, run.status],
    queryFn: ({ signal }) => getJson(`${path}?${query.toString()}`, decode, signal),
    placeholderData: keepPreviousData,
  });
}

export function useScores(run: { readonly traceId: string; readonly status: string }) {
  return useOfRun('scores', run, decodeScores);
}

export function useNotes(run: { readonly traceId: string; readonly status: string }) {
  return useOfRun('notes', run, decodeNotes);
}

/** Giving and taking back; the lists are read again whatever came of it. */
export function useJudgementChanges(traceId: string) {
  const client = useQueryClient();
  const readAgain = (kind: 'scores' | 'notes') => ({
    networkMode: 'always' as const,
    onSettled: (): Promise<void> => client.invalidateQueries({ queryKey: [kind, traceId] }),
  });
  const addScore = useMutation({
    ...readAgain('scores'),
    mutationFn: ({ name, value, comment, spanId }: ScoreInput) =>
      sendJson(
        'POST',
        scoresPath,
        { trace_id: traceId, span_id: spanId, name, value, comment, source: 'person' },
        () => name,
      ),
  });
  const addNote = useMutation({
    ...readAgain('notes'),
    mutationFn: ({ text, spanId }: Pick<Note, 'text' | 'spanId'>) =>
      sendJson('POST', notesPath, { trace_id: traceId, span_id: spanId, text }, () => text),
  });
  const removeScore = useMutation({
    ...readAgain('scores'),
    mutationFn: (id: string) =>
      sendJson('DELETE', `${scoresPath}/${encodeURIComponent(id)}`, undefined, () => id),
  });
  const removeNote = useMutation({
    ...readAgain('notes'),
    mutationFn: (id: string) =>
      sendJson('DELETE', `${notesPath}/${encodeURIComponent(id)}`, undefined, () => id),
  });
  return { addScore, addNote, removeScore, removeNote };
}
