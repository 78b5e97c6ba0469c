// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { EmptyState, ErrorNotice } from '../ui/Notice';
import { usePageTitle } from '../ui/usePageTitle';

/** The last resort: a page that failed to draw says so and can be tried again. */
export function ErrorPage(props: ErrorComponentProps) {
  return <ErrorNotice message={`This page failed: ${props.error.message}`} onRetry={props.reset} />;
}

export function NotFoundPage() {
  usePageTitle('No such page');
  return (
    <EmptyState title="There is no such page">
      <Link to="/runs">Go to the runs</Link>
    </EmptyState>
  );
}
