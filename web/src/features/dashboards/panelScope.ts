// SPDX-License-Identifier: Apache-2.0

import { createContext } from 'react';
import type { RunFilter } from '../../model/filterFields';
import type { SearchTexts } from '../../model/searchTexts';

/** What all panels of a page share. */
export interface PanelScope {
  /** The time of the page. */
  readonly time: RunFilter;
  /** The same in the address of other pages. */
  readonly links: SearchTexts;
  readonly isHeld: boolean;
  /** The values of the variables, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** Chooses another time for the page, in seconds since 1970. */
  readonly chooseTime: (from: number, to: number) => void;
}

export const PanelScopeContext = createContext<PanelScope>({
  time: {},
  links: {},
  isHeld: true,
  values: {},
  chooseTime: () => undefined,
});
