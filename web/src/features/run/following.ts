// SPDX-License-Identifier: Apache-2.0

import { createContext, useContext } from 'react';

/** Whether the newest step of a run that goes on is kept in view. */
export interface Following {
  readonly isFollowing: boolean;
  readonly setFollowing: (isFollowing: boolean) => void;
}

export const FollowingContext = createContext<Following>({
  isFollowing: false,
  setFollowing: () => undefined,
});

export function useFollowing(): Following {
  return useContext(FollowingContext);
}
