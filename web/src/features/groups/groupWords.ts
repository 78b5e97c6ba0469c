// SPDX-License-Identifier: Apache-2.0

import type { FilterKey } from '../../model/filterFields';
import type { GroupKind } from '../../model/runGroup';

export interface GroupWords {
  readonly one: string;
  readonly many: string;
  readonly title: string;
  readonly listPath: '/sessions' | '/users';
  /** What narrows runs to those of one. */
  readonly filterKey: 'session_id' | 'user_id';
  readonly other: { readonly one: string; readonly many: string; readonly kind: GroupKind };
}

export const groupWords: Readonly<Record<GroupKind, GroupWords>> = {
  session: {
    one: 'session',
    many: 'sessions',
    title: 'Sessions',
    listPath: '/sessions',
    filterKey: 'session_id',
    other: { one: 'User', many: 'users', kind: 'user' },
  },
  user: {
    one: 'user',
    many: 'users',
    title: 'Users',
    listPath: '/users',
    filterKey: 'user_id',
    other: { one: 'Session', many: 'sessions', kind: 'session' },
  },
};

/** What a list of sessions or users can be narrowed by. */
export const groupFilterKeys: readonly FilterKey[] = [
  'workflow_id',
  'agent',
  'service',
  'session_id',
  'user_id',
  'status',
];
