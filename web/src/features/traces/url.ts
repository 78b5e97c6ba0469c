// SPDX-License-Identifier: Apache-2.0
// The view state that lives in the address. Anything unknown or odd in it is ignored.

import type { JsonObject } from '../../base/json';
import { readText } from '../../base/json';
import { statuses } from '../../model/status';

export interface ListSearch {
  readonly status?: string | undefined;
  readonly agent?: string | undefined;
  readonly q?: string | undefined;
  readonly has_error?: boolean | undefined;
  readonly session_id?: string | undefined;
}

/** The change that takes every filter away. */
export const noFilter: ListSearch = {
  status: undefined,
  agent: undefined,
  q: undefined,
  has_error: undefined,
  session_id: undefined,
};

export function parseListSearch(search: JsonObject): ListSearch {
  return {
    status: statuses.find((status) => status === search['status']),
    agent: readText(search, 'agent'),
    q: readText(search, 'q'),
    has_error: search['has_error'] === 'true' || search['has_error'] === true ? true : undefined,
    session_id: readText(search, 'session_id'),
  };
}

export const panelTabs = ['overview', 'messages', 'attributes', 'events', 'links'] as const;
export type PanelTab = (typeof panelTabs)[number];

export interface TraceSearch {
  /** The selected span. */
  readonly span?: string | undefined;
  readonly tab?: PanelTab | undefined;
  readonly find?: string | undefined;
}

export function parseTraceSearch(search: JsonObject): TraceSearch {
  return {
    span: readText(search, 'span'),
    tab: panelTabs.find((tab) => tab === search['tab']),
    find: readText(search, 'find'),
  };
}
