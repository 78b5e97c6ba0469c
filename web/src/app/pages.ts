// SPDX-License-Identifier: Apache-2.0

import type { IconName } from '../ui/Icon';

/** A page that the frame leads to. Its code is loaded when it is first opened; routes are in router.tsx. */
export interface PageEntry {
  readonly path: '/';
  readonly title: string;
  readonly icon: IconName;
  /** Pressed after `g`, or chosen in the palette. */
  readonly key: string;
}

export const pages: readonly PageEntry[] = [{ path: '/', title: 'Runs', icon: 'task', key: '1' }];
