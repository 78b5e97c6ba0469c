// SPDX-License-Identifier: Apache-2.0
// A dashboard as a file, to keep it or to bring it to another server.

import { documentJson } from './dashboard';
import type { Dashboard } from './dashboard';

const longestName = 60;

/** "Cost by team" is kept in cost-by-team.json. */
export function fileName(name: string): string {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, longestName)
    .replace(/^-+|-+$/g, '');
  return `${words === '' ? 'dashboard' : words}.json`;
}

export function fileText(dashboard: Pick<Dashboard, 'name' | 'description' | 'document'>): string {
  const { name, description, document } = dashboard;
  return `${JSON.stringify({ name, description, document: documentJson(document) }, undefined, 2)}\n`;
}
