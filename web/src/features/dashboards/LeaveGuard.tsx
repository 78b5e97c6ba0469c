// SPDX-License-Identifier: Apache-2.0

import { useBlocker } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { isObject } from '../../base/json';
import { Button } from '../../ui/Button';
import { Note } from '../../ui/Notice';
import { texts } from './texts';

/** Asks before what was changed is left, by whichever way; another time in the address is no such way. */
export function LeaveGuard(props: {
  readonly isChanged: boolean;
  /** True once the reader has saved it or said that it may go. */
  readonly mayLeave: RefObject<boolean>;
}) {
  const { isChanged, mayLeave } = props;
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => {
      const search: unknown = next.search;
      const isEditor =
        current.pathname === next.pathname && isObject(search) && search['edit'] === '1';
      return isChanged && !mayLeave.current && !isEditor;
    },
    enableBeforeUnload: () => isChanged && !mayLeave.current,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return undefined;
  return (
    <Note
      testId="leave-guard"
      action={
        <>
          <Button fit="small" onClick={blocker.reset}>
            {texts.stay}
          </Button>
          <Button fit="small" onClick={blocker.proceed}>
            {texts.leave}
          </Button>
        </>
      }
    >
      {texts.unsaved}
    </Note>
  );
}
