// SPDX-License-Identifier: Apache-2.0
// The pages, and their main states, of which golden pictures are kept.
//
// `find` answers the address and is asked while the scene is recorded: it may look in the server for what is
// worth a picture. `ready` appears once the page has its data; `act` does what a person does before the picture.
// `server` is the one it is recorded from, of `demo_server.mjs`; `heights` are those of pictures that are not as
// high as a screen.

import {
  findDataset,
  findDatasets,
  findError,
  findJudgedRun,
  findLog,
  findPair,
  findPeek,
  findSession,
  findStep,
  findUser,
  viewOf,
} from './finds.mjs';

const at = (address) => () => address;

/** Of pages that scroll: more than a screen of them. */
const high = { 1440: 1100, 390: 1800 };
const highest = { 1440: 1600, 390: 1800 };

export const scenes = [
  {
    name: 'overview',
    find: at('/?t=1h'),
    server: 'young',
    ready: '[data-testid=top-steps] td',
    heights: high,
  },
  {
    name: 'runs',
    find: at('/runs?t=1h'),
    ready: '[data-run]',
    // As high as the picture of the documents that is taken from it.
    heights: { 1440: 1116 },
  },
  { name: 'runs-peek', find: findPeek, ready: '[data-testid=peek] [aria-label=Asked]' },
  { name: 'run-transcript', find: findJudgedRun, ready: '[data-testid=transcript]' },
  { name: 'run-tree', find: viewOf('tree', 'failed'), ready: '[role=treeitem]' },
  { name: 'run-step', find: findStep, ready: '[data-testid=span-panel]' },
  { name: 'run-timeline', find: viewOf('time'), ready: '[data-testid=timeline]' },
  { name: 'run-calls', find: viewOf('calls'), ready: '[data-testid=calls]' },
  { name: 'run-logs', find: findLog, ready: '[data-testid=logs] li' },
  { name: 'calls', find: at('/calls?t=1h&sort=-cost'), ready: '[data-testid=calls] [data-run]' },
  { name: 'sessions', find: at('/sessions?t=3h'), ready: '[data-run]' },
  { name: 'session', find: findSession, ready: '[data-turn] dd' },
  { name: 'users', find: at('/users?t=3h'), ready: '[data-run]' },
  { name: 'user', find: findUser, ready: '[data-turn] dd', heights: high },
  { name: 'workflows', find: at('/workflows?t=3h'), ready: '[data-testid=workflows] [data-run]' },
  {
    name: 'workflow',
    find: at('/workflows/coder?t=1h'),
    server: 'young',
    ready: '[data-testid=steps] td',
    heights: highest,
  },
  { name: 'errors', find: at('/errors?t=3h'), ready: '[data-testid=errors] [data-run]' },
  { name: 'error', find: findError, ready: '[data-testid=error-runs] td', heights: high },
  {
    name: 'cost',
    find: at('/cost?t=3h'),
    ready: ['[data-testid=cut-table] td', '[data-testid=top-calls-table] td'],
    heights: highest,
  },
  { name: 'compare', find: findPair, ready: '[data-testid=pair]', heights: high },
  { name: 'dashboards', find: at('/dashboards'), ready: '[data-testid=dashboards] td' },
  {
    name: 'dashboard',
    find: at('/dashboards/agents?t=3h'),
    ready: '[data-panel=agents] [data-row]',
    heights: high,
  },
  { name: 'datasets', find: findDatasets, ready: '[data-testid=datasets] td' },
  { name: 'dataset', find: findDataset, ready: '[data-example]' },
  {
    name: 'settings',
    find: at('/settings'),
    ready: ['[data-testid=settings-days] [data-row]', '[data-testid=settings] [role=tab]'],
    heights: highest,
  },
  { name: 'first-run', find: at('/runs'), server: 'empty', ready: '[role=tab]', heights: high },
];
