// SPDX-License-Identifier: Apache-2.0

// Compiled, not run: the declarations of the package, used as the README shows.

import { type ReactElement } from 'react';

import { useExecutionUpdates, useObservabilityMetrics } from '@sightline/react';

export function Dashboard(): ReactElement {
  const { metrics, isConnected, error, reconnect } = useObservabilityMetrics({
    workflowId: 'support',
    timing: { pollIntervalMs: 1_000 },
    WebSocket,
    fetch,
  });
  const rate: number | undefined = metrics?.health.success_rate;
  const running: number | undefined = metrics?.real_time.running_executions;
  return <p onClick={reconnect}>{isConnected ? `${running} running, ${rate} % succeed` : error}</p>;
}

export function Run({ id }: { readonly id: string | null }): ReactElement {
  const { execution, isPolling } = useExecutionUpdates(id, { wait: true });
  // @ts-expect-error There may be no execution yet.
  execution.status;
  return (
    <ul aria-busy={execution?.status === 'running'} data-polling={isPolling}>
      {execution?.steps.map((step) => (
        <li key={step.step_id}>{step.step_name}</li>
      ))}
    </ul>
  );
}
