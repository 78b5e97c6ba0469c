// SPDX-License-Identifier: Apache-2.0

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isObject, readNumber, readObject, readObjects, readText } from '../base/json';
import type { JsonObject } from '../base/json';
import { documentJson, panelKinds } from '../model/dashboard';
import type {
  Dashboard,
  DashboardDocument,
  DashboardHead,
  Panel,
  PanelQuery,
} from '../model/dashboard';
import type { RunFilter } from '../model/filterFields';
import { sumsRefreshMs } from './aggregateQueries';
import { decodeAggregate } from './decodeAggregate';
import { DecodeError } from './decodeError';
import { getJson, sendJson } from './httpClient';
import { periodParameters } from './periodQuery';
import type { Fields, Schemas, Wire } from './wire';

const root = '/api/v1/dashboards';

function decodeHead(object: JsonObject): DashboardHead {
  const head: Wire<'DashboardSummary'> = object;
  const id = readText(head, 'id');
  if (id === undefined) throw new DecodeError('a dashboard has no id');
  return {
    id,
    name: readText(head, 'name') ?? id,
    description: readText(head, 'description') ?? '',
    panelCount: readNumber(head, 'panel_count') ?? 0,
    version: readNumber(head, 'version') ?? 1,
    isBuiltin: head.is_builtin === true,
  };
}

function decodeQuery(object: JsonObject | undefined): PanelQuery | undefined {
  if (object === undefined) return undefined;
  const query: Wire<'PanelQuery'> = object;
  const filters = readObject(query, 'filters') ?? {};
  return {
    source: readText(query, 'source') === 'steps' ? 'steps' : 'runs',
    measure: readText(query, 'measure') ?? 'count',
    by: readText(query, 'by') ?? '',
    filters: Object.fromEntries(
      Object.keys(filters).map((key) => [key, readText(filters, key) ?? '']),
    ),
    sort: readText(query, 'sort') ?? '',
    bucket: readNumber(query, 'bucket'),
    limit: readNumber(query, 'limit'),
  };
}

function decodePanel(object: JsonObject): Panel {
  const panel: Wire<'DashboardPanel'> = object;
  const place: Fields<Schemas['PanelPosition']> = readObject(panel, 'position') ?? {};
  const kind = panelKinds.find((one) => one === readText(panel, 'kind'));
  if (kind === undefined) throw new DecodeError('a panel is of a kind that is not known');
  return {
    id: readText(panel, 'id') ?? '',
    title: readText(panel, 'title') ?? '',
    kind,
    text: readText(panel, 'text') ?? '',
    query: decodeQuery(readObject(panel, 'query')),
    position: {
      x: readNumber(place, 'x') ?? 0,
      y: readNumber(place, 'y') ?? 0,
      w: readNumber(place, 'w') ?? 4,
      h: readNumber(place, 'h') ?? 3,
    },
  };
}

/** From an answer of the server or a file that somebody has kept. */
export function decodeDocument(value: unknown): DashboardDocument {
  if (!isObject(value)) throw new DecodeError('a dashboard has no document');
  const document: Wire<'DashboardDocument'> = value;
  return {
    variables: readObjects(document, 'variables').map((object) => {
      const variable: Wire<'DashboardVariable'> = object;
      const name = readText(variable, 'name') ?? '';
      return {
        name,
        label: readText(variable, 'label') ?? name,
        field: readText(variable, 'field') ?? '',
        value: readText(variable, 'value') ?? '',
      };
    }),
    panels: readObjects(document, 'panels').map(decodePanel),
  };
}

function decodeDashboard(value: unknown): Dashboard {
  if (!isObject(value)) throw new DecodeError('the dashboard is not an object');
  const dashboard: Wire<'Dashboard'> = value;
  return { ...decodeHead(value), document: decodeDocument(dashboard.document) };
}

export function useDashboards() {
  return useQuery({
    queryKey: ['dashboards'],
    queryFn: ({ signal }) =>
      getJson(
        root,
        (value) => {
          if (!isObject(value)) throw new DecodeError('the list of dashboards is not an object');
          const list: Wire<'Dashboards'> = value;
          return readObjects(list, 'dashboards').map(decodeHead);
        },
        signal,
      ),
  });
}

export function useDashboard(id: string) {
  return useQuery({
    queryKey: ['dashboard', id],
    queryFn: ({ signal }) => getJson(`${root}/${encodeURIComponent(id)}`, decodeDashboard, signal),
  });
}

export interface NewDashboard {
  readonly name: string;
  readonly description: string;
  readonly document: DashboardDocument;
}

function bodyOf(dashboard: NewDashboard) {
  return {
    name: dashboard.name,
    description: dashboard.description,
    document: documentJson(dashboard.document),
  };
}

/** Saving, copying and deleting; lists and the dashboard itself are read again. */
export function useDashboardChanges() {
  const client = useQueryClient();
  const onSuccess = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['dashboards'] });
  };
  const create = useMutation({
    networkMode: 'always',
    mutationFn: (dashboard: NewDashboard) =>
      sendJson('POST', root, bodyOf(dashboard), decodeDashboard),
    onSuccess,
  });
  const replace = useMutation({
    networkMode: 'always',
    mutationFn: (dashboard: Dashboard) =>
      sendJson(
        'PUT',
        `${root}/${encodeURIComponent(dashboard.id)}`,
        { ...bodyOf(dashboard), version: dashboard.version },
        decodeDashboard,
      ),
    onSuccess: async (saved) => {
      client.setQueryData(['dashboard', saved.id], saved);
      await onSuccess();
    },
  });
  const remove = useMutation({
    networkMode: 'always',
    mutationFn: (id: string) =>
      sendJson('DELETE', `${root}/${encodeURIComponent(id)}`, undefined, () => id),
    onSuccess,
  });
  return { create, replace, remove };
}

/** What the panel asks, with the values of variables filled in, over the time of the page. */
export function usePanelSums(
  query: PanelQuery | undefined,
  filters: Readonly<Record<string, string>>,
  time: RunFilter,
  bucketSeconds: number | undefined,
  isHeld: boolean,
) {
  return useQuery({
    queryKey: ['panel', query, filters, time, bucketSeconds],
    queryFn: ({ signal }) => {
      if (query === undefined) throw new Error('a panel without a question');
      const parameters = periodParameters(time, Date.now());
      for (const [key, value] of Object.entries(filters)) parameters.set(key, value);
      parameters.set('of', query.source);
      parameters.set('measure', query.measure);
      if (query.by !== '') parameters.set('by', query.by);
      if (query.sort !== '') parameters.set('sort', query.sort);
      if (query.limit !== undefined) parameters.set('limit', String(query.limit));
      if (bucketSeconds !== undefined) parameters.set('bucket', String(bucketSeconds));
      return getJson(
        `/api/v1/observability/aggregate?${parameters.toString()}`,
        decodeAggregate,
        signal,
      );
    },
    enabled: query !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: isHeld ? false : sumsRefreshMs,
  });
}
