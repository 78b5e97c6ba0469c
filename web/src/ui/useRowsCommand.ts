// SPDX-License-Identifier: Apache-2.0

import { useCommand } from './commands';

/** One key leads into the rows of a list, past all that stands above them. */
export function useRowsCommand(focusRows: () => void): void {
  useCommand({ id: 'rows', title: 'Go to the rows', key: 'l', run: focusRows });
}
