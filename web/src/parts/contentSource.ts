// SPDX-License-Identifier: Apache-2.0

import { createContext, useContext } from 'react';

/** The whole of a body of which only the beginning was sent. */
export interface Content {
  readonly text: string | undefined;
  readonly error: string | undefined;
  readonly isLoading: boolean;
  readonly load: () => void;
}

/** Gives the content below an address of the server, which this layer does not talk to itself. */
export type UseContent = (url: string) => Content;

/** Only for pages without a server, such as the one of all widgets. */
const noSource: UseContent = () => ({
  text: undefined,
  error: 'there is no server here',
  isLoading: false,
  load: () => undefined,
});

export const ContentSource = createContext<UseContent>(noSource);

export function useContentOf(url: string): Content {
  const useContent = useContext(ContentSource);
  return useContent(url);
}
