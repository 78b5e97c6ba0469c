// SPDX-License-Identifier: Apache-2.0

import { useEffect } from 'react';

/** What the tab of the browser is called while a page is shown, so that ten tabs can be told apart. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Sightline`;
  }, [title]);
}
