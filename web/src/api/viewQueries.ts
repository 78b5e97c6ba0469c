// SPDX-License-Identifier: Apache-2.0

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isObject, readObject, readObjects, readText } from '../base/json';
import type { SavedView, ViewPage } from '../model/savedView';
import type { SearchTexts } from '../model/searchTexts';
import { DecodeError } from './decodeError';
import { getJson, sendJson } from './httpClient';
import type { Wire } from './wire';

const root = '/api/v1/views';
const checkTimeoutMs = 15_000;
/** What others save may come so late; what is saved here comes at once. */
const viewsFreshMs = 60_000;

function decodeView(value: unknown): SavedView {
  if (!isObject(value)) throw new DecodeError('a view is not an object');
  const view: Wire<'View'> = value;
  const id = readText(view, 'id');
  if (id === undefined) throw new DecodeError('a view has no id');
  const query = readObject(view, 'query') ?? {};
  return {
    id,
    name: readText(view, 'name') ?? id,
    page: readText(view, 'page') ?? '',
    query: Object.fromEntries(
      Object.keys(query).map((key) => [key, readText(query, key)] as const),
    ),
    updatedAt: readText(view, 'updated_at') ?? '',
  };
}

function decodeViews(value: unknown): readonly SavedView[] {
  if (!isObject(value)) throw new DecodeError('the list of views is not an object');
  const list: Wire<'Views'> = value;
  return readObjects(list, 'views').map(decodeView);
}

function pathOf(id: string): string {
  return `${root}/${encodeURIComponent(id)}`;
}

/** Somebody else has changed a view after it was read here. */
export class ViewChangedError extends Error {
  override readonly name = 'ViewChangedError';
  constructor(viewName: string) {
    super(`“${viewName}” has been changed by somebody else meanwhile; it is shown as it is now`);
  }
}

export function useViews(page: ViewPage['page']) {
  return useQuery({
    queryKey: ['views', page],
    queryFn: ({ signal }) => getJson(`${root}?page=${page}`, decodeViews, signal),
    staleTime: viewsFreshMs,
  });
}

export interface ViewContent {
  readonly name: string;
  readonly page: string;
  readonly query: SearchTexts;
}

function bodyOf({ name, page, query }: ViewContent): ViewContent {
  return { name, page, query };
}

export interface ViewChange {
  /** As it was read. */
  readonly view: SavedView;
  readonly change: { readonly name?: string; readonly query?: SearchTexts };
}

/** The server replaces whatever is there, so a change by somebody else is looked for first. */
async function replaceView({ view, change }: ViewChange): Promise<SavedView> {
  const path = pathOf(view.id);
  const now = await getJson(path, decodeView, AbortSignal.timeout(checkTimeoutMs));
  if (now.updatedAt !== view.updatedAt) throw new ViewChangedError(now.name);
  return sendJson('PUT', path, bodyOf({ ...view, ...change }), decodeView);
}

/** Saving, replacing and deleting; the list is read again whatever came of it. */
export function useViewChanges() {
  const client = useQueryClient();
  const onSettled = (): Promise<void> => client.invalidateQueries({ queryKey: ['views'] });
  const create = useMutation({
    networkMode: 'always',
    mutationFn: (view: ViewContent) => sendJson('POST', root, bodyOf(view), decodeView),
    onSettled,
  });
  const replace = useMutation({ networkMode: 'always', mutationFn: replaceView, onSettled });
  const remove = useMutation({
    networkMode: 'always',
    mutationFn: (id: string) => sendJson('DELETE', pathOf(id), undefined, () => id),
    onSettled,
  });
  return { create, replace, remove };
}
