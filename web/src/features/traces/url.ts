// SPDX-License-Identifier: Apache-2.0
// The view state that lives in the address. What is not understood stays in it, and is said.

import { scopeKeys } from '../../model/scope';
import type { SearchTexts } from '../../model/searchTexts';

export const panelTabs = ['overview', 'messages', 'attributes', 'events', 'links'] as const;
export type PanelTab = (typeof panelTabs)[number];

/** A type and not an interface, so that it is a `SearchTexts`, too. */
export type TraceSearch = {
  /** The selected span. */
  readonly span?: string | undefined;
  readonly tab?: PanelTab | undefined;
  readonly find?: string | undefined;
};

const traceKeys: readonly string[] = ['span', 'tab', 'find', ...scopeKeys];

export function parseTraceSearch(search: SearchTexts): TraceSearch {
  return {
    span: search['span'],
    tab: panelTabs.find((tab) => tab === search['tab']),
    find: search['find'],
  };
}

/** What an address asks of the page of a run and the page does not know, such as `tab=costs`. */
export function unknownOfTrace(search: SearchTexts): readonly string[] {
  return Object.entries(search)
    .filter(([key, value]) => value !== undefined && !isKnown(key, value))
    .map(([key, value]) => `${key}=${value ?? ''}`);
}

function isKnown(key: string, value: string): boolean {
  return traceKeys.includes(key) && (key !== 'tab' || panelTabs.some((tab) => tab === value));
}
