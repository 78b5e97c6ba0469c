// SPDX-License-Identifier: Apache-2.0

import { sortName } from '../model/listSort';
import { useCommand } from '../ui/commands';

/** The orders of a list in the palette, also those by columns that a narrow table leaves out. */
export function SortCommands(props: {
  /** What the rows are called. */
  readonly nouns: string;
  readonly sorts: readonly string[];
  readonly onSort: (sort: string) => void;
}) {
  return props.sorts.map((sort) => <SortCommand key={sort} {...props} sort={sort} />);
}

function SortCommand(props: {
  readonly nouns: string;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}) {
  const { nouns, sort, onSort } = props;
  useCommand({
    id: `sort ${nouns} ${sort}`,
    title: `Sort ${nouns}: ${sortName(sort)}`,
    run: () => onSort(sort),
  });
  return undefined;
}
