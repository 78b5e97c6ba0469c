// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef } from 'react';
import type { useRowAnchor } from '../../ui/useRowAnchor';
import { useFollowing } from './following';
import type { RunState } from './useRunState';

/** Rows above the newest one that stay in view. */
const margin = 120;

/**
 * While the reader follows, the newest step stays in view. Nothing moves while a pointer is over the rows,
 * and whoever scrolls does not follow any more.
 */
export function useFollow(
  scroller: ReturnType<typeof useRowAnchor>,
  state: RunState,
  topOfNewest: () => number,
): void {
  const { isFollowing, setFollowing } = useFollowing();
  const { tree } = state.view;
  const isPointed = useRef(false);
  const scrolledTo = useRef<number>(undefined);
  const latest = useRef(topOfNewest);
  useEffect(() => {
    latest.current = topOfNewest;
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null || !isFollowing) return undefined;
    const setPointed = (is: boolean) => (): void => {
      isPointed.current = is;
    };
    const onEnter = setPointed(true);
    const onLeave = setPointed(false);
    const onScroll = (): void => {
      const expected = scrolledTo.current;
      if (expected !== undefined && Math.abs(element.scrollTop - expected) > 2) setFollowing(false);
    };
    element.addEventListener('pointerenter', onEnter);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      isPointed.current = false;
      scrolledTo.current = undefined;
      element.removeEventListener('pointerenter', onEnter);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, isFollowing, setFollowing]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null || !isFollowing || isPointed.current) return;
    const top = latest.current();
    const most = element.scrollHeight - element.clientHeight;
    const wanted = Math.max(0, Math.min(most, top - element.clientHeight + margin));
    element.scrollTo({ top: wanted });
    scrolledTo.current = element.scrollTop;
  }, [scroller, tree, isFollowing]);
}
