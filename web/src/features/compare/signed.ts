// SPDX-License-Identifier: Apache-2.0

import { absent } from '../../base/format';

/** `+1.5 s`, `−3`, a dash where it is not known. */
export function signed(value: number | undefined, format: (size: number) => string): string {
  if (value === undefined) return absent;
  if (value === 0) return '±0';
  return `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`;
}
