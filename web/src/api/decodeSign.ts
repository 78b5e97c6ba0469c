// SPDX-License-Identifier: Apache-2.0

import { readObjects, readText } from '../base/json';
import type { Sign } from '../model/sign';
import { readTime } from './decodeSpan';
import type { Wire } from './wire';

/** Signs of trouble, in the order of their times; a server that knows none sends none. */
export function decodeSigns(object: { readonly signs?: unknown }): readonly Sign[] {
  const signs = readObjects(object, 'signs').map((sign: Wire<'Sign'>): Sign => {
    const kind = readText(sign, 'kind') ?? 'unknown';
    return {
      kind,
      spanId: readText(sign, 'span_id'),
      message: readText(sign, 'message') ?? kind.replaceAll('_', ' '),
      raisedAtNs: readTime(sign, 'raised_at'),
    };
  });
  return signs.sort((left, right) => compareTimes(left.raisedAtNs, right.raisedAtNs));
}

function compareTimes(left = 0n, right = 0n): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
