// SPDX-License-Identifier: Apache-2.0

import { viewQuery } from '../../model/savedView';
import type { ViewPage } from '../../model/savedView';
import type { SearchTexts } from '../../model/searchTexts';
import { useAddress } from '../../parts/useAddress';
import { usePreferences } from '../../ui/preferences';

/** What a view of the page keeps: its address, and of a table the columns that the reader has taken away. */
export function useKeptQuery(page: ViewPage): SearchTexts {
  const { search } = useAddress();
  const { columns } = usePreferences();
  const hidden = 'table' in page ? (columns[page.table]?.hidden ?? []) : [];
  const query = viewQuery(search);
  if (hidden.length === 0 || query['hide'] !== undefined) return query;
  return { ...query, hide: hidden.join(',') };
}
