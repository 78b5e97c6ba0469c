// SPDX-License-Identifier: Apache-2.0
// Ties the decoders to api/openapi.yaml: schema.ts is generated from it whenever the code is checked, so
// that a field which the contract does not name is a type error. Values are still checked one by one.

import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** An object as it came: the contract names its fields, their values are unknown. */
export type Wire<Name extends keyof Schemas> = {
  readonly [Field in keyof Schemas[Name]]?: unknown;
};

/** The same for an object inside another, which has no name of its own. */
export type Fields<T> = { readonly [Field in keyof T]?: unknown };

/** The names of the query parameters of a GET. */
export type QueryName<Path extends keyof paths> = paths[Path] extends {
  get: { parameters: { query?: infer Query } };
}
  ? keyof NonNullable<Query> & string
  : never;
