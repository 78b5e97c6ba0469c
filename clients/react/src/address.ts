// SPDX-License-Identifier: Apache-2.0

const PREFIX = '/api/v1';

/** Where the server is. Absent values are left out of the query. */
export interface Address {
  /** Default: the origin of the page. May have a path, and may be relative to the page. */
  readonly baseUrl: string | undefined;
}

type Query = Readonly<Record<string, string | undefined>>;

/** @param path - below `/api/v1`, with its leading slash. */
export function httpUrl(address: Address, path: string, query: Query = {}): string {
  return build(address, path, query).href;
}

export function socketUrl(address: Address, path: string, query: Query = {}): string {
  const url = build(address, path, query);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

function build(address: Address, path: string, query: Query): URL {
  const page = globalThis.location?.href;
  const base = new URL(address.baseUrl ?? '/', page);
  const url = new URL(base.pathname.replace(/\/+$/, '') + PREFIX + path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}
