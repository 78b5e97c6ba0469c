// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { GroupKind } from '../model/runGroup';
import { useAddress } from './useAddress';

/** The way to the page of a session or a user, which takes the time range along. */
export function GroupLink(props: {
  readonly kind: GroupKind;
  readonly id: string;
  readonly children?: ReactNode;
}) {
  const { kind, id, children = id } = props;
  const { scope } = useAddress();
  return kind === 'session' ? (
    <Link to="/sessions/$sessionId" params={{ sessionId: id }} search={scope} dir="auto">
      {children}
    </Link>
  ) : (
    <Link to="/users/$userId" params={{ userId: id }} search={scope} dir="auto">
      {children}
    </Link>
  );
}
