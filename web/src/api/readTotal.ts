// SPDX-License-Identifier: Apache-2.0

import { readNumber } from '../base/json';

/** How many groups there are; Infinity where the server says by null that it counted the largest only. */
export function readTotal(value: Record<string, unknown>, field: string): number | undefined {
  return value[field] === null ? Infinity : readNumber(value, field);
}
