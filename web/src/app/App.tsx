// SPDX-License-Identifier: Apache-2.0

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useContent } from '../api/queries';
import { ContentSource } from '../parts/contentSource';
import { router } from './router';

// Live pages refresh themselves and show each failure at once, so nothing is retried behind their back.
// 'always': the server is often on this very machine and works without any network.
const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, networkMode: 'always', refetchOnWindowFocus: false, gcTime: 60_000 },
  },
});

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <ContentSource value={useContent}>
        <RouterProvider router={router} />
      </ContentSource>
    </QueryClientProvider>
  );
}
