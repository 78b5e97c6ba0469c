// SPDX-License-Identifier: Apache-2.0

import { isObject } from '../base/json';
import type { paths } from './schema';
import type { QueryName } from './wire';

/** The names in braces of a path. */
type PlaceOf<Path> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceOf<Rest>
  : never;

/**
 * The address of an answer: `values` are its query parameters, in their order, and `place` what stands for
 * the names in braces. Undefined parameters are left out.
 */
export function apiAddress<Path extends keyof paths>(
  path: Path,
  values: { readonly [Name in QueryName<Path>]?: string | number | undefined },
  place?: Readonly<Record<PlaceOf<Path>, string>>,
): string {
  const names: unknown = place;
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = isObject(names) ? names[name] : undefined;
    return encodeURIComponent(typeof value === 'string' ? value : '');
  });
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries<unknown>(values)) {
    if (typeof value === 'string') parameters.set(name, value);
    if (typeof value === 'number') parameters.set(name, String(value));
  }
  const query = parameters.toString();
  return query === '' ? filled : `${filled}?${query}`;
}
