// SPDX-License-Identifier: Apache-2.0

import { formatCompact, formatCount, formatDuration, formatPercent } from '../../base/format';
import { anyKind } from '../../model/callFilter';
import type { PageScope } from '../../model/period';
import type { SearchTexts } from '../../model/searchTexts';
import { modelName } from '../../model/sums';
import type { SumGroup } from '../../model/sums';
import { CostText } from '../../parts/CostText';
import { CallsLink, RunsLink, WorkflowLink } from '../../parts/links';
import type { Column } from '../../ui/dataColumns';
import { texts } from './texts';

export type ColumnsOf = (scope: PageScope) => readonly Column<SumGroup>[];

function workflowOf({ keys }: SumGroup): string {
  return keys['workflow_id'] ?? '';
}

export function modelOf({ keys }: SumGroup): string {
  return keys['model'] ?? '';
}

export const workflowColumns: ColumnsOf = ({ links }) => [
  {
    id: 'name',
    label: 'Workflow',
    isFixed: true,
    skeleton: 120,
    cell: (group) => <WorkflowLink name={workflowOf(group)} search={links} />,
  },
  {
    id: 'failed',
    label: 'Failed',
    isFigure: true,
    width: 76,
    skeleton: 20,
    cell: (group) => (
      <RunsLink search={{ ...links, workflow_id: workflowOf(group), status: 'failed' }}>
        {formatCount(group.values['failed'])}
      </RunsLink>
    ),
  },
  {
    id: 'runs',
    label: 'Runs',
    isFigure: true,
    width: 72,
    skeleton: 20,
    cell: (group) => (
      <RunsLink search={{ ...links, workflow_id: workflowOf(group) }}>
        {formatCount(group.values['count'])}
      </RunsLink>
    ),
  },
  {
    id: 'rate',
    label: 'Rate',
    isFigure: true,
    width: 72,
    skeleton: 20,
    cell: (group) => formatPercent(group.values['failure_rate']),
  },
];

/** The calls of a model, of whatever kind: embeddings count, too. */
function modelCalls(group: SumGroup): SearchTexts {
  return { kind: anyKind, model: modelOf(group) };
}

export const modelColumns: ColumnsOf = ({ links }) => [
  {
    id: 'name',
    label: 'Model',
    isFixed: true,
    skeleton: 120,
    title: modelOf,
    cell: (group) => (
      <RunsLink search={{ ...links, model: modelName(modelOf(group)) }}>
        <bdi>{modelOf(group)}</bdi>
      </RunsLink>
    ),
  },
  {
    id: 'cost',
    label: 'Cost',
    isFigure: true,
    width: 104,
    skeleton: 40,
    cell: (group) => (
      <CallsLink
        search={{ ...links, ...modelCalls(group), sort: '-cost' }}
        title={texts.expensiveCalls}
      >
        <CostText cost={group.cost} isInColumn />
      </CallsLink>
    ),
  },
  {
    id: 'calls',
    label: 'Calls',
    isFigure: true,
    width: 72,
    skeleton: 20,
    cell: (group) => (
      <CallsLink search={{ ...links, ...modelCalls(group) }}>
        {formatCount(group.values['calls'])}
      </CallsLink>
    ),
  },
  {
    id: 'tokens',
    label: 'Tokens',
    isFigure: true,
    width: 76,
    fromWidth: 360,
    skeleton: 30,
    cell: (group) => (
      <CallsLink search={{ ...links, ...modelCalls(group), sort: '-tokens' }}>
        {formatCompact(group.values['tokens'])}
      </CallsLink>
    ),
  },
];

/** The calls of a step, of whatever kind. */
function stepCalls({ keys }: SumGroup): SearchTexts {
  return { kind: anyKind, step_name: keys['step_name'], workflow_id: keys['workflow_id'] };
}

export const stepColumns: ColumnsOf = ({ links }) => [
  {
    id: 'name',
    label: 'Step',
    isFixed: true,
    skeleton: 120,
    title: ({ keys }) => keys['step_name'],
    cell: ({ keys }) => <bdi>{keys['step_name']}</bdi>,
  },
  {
    id: 'workflow',
    label: 'Workflow',
    skeleton: 80,
    cell: (group) => <WorkflowLink name={workflowOf(group)} search={links} />,
  },
  {
    id: 'p95',
    label: 'p95',
    isFigure: true,
    width: 84,
    skeleton: 40,
    title: (group) => `Half take no longer than ${formatDuration(group.values['p50_duration'])}`,
    cell: (group) => (
      <CallsLink search={{ ...links, ...stepCalls(group), sort: '-duration' }}>
        {formatDuration(group.values['p95_duration'])}
      </CallsLink>
    ),
  },
  {
    id: 'count',
    label: 'Steps',
    isFigure: true,
    width: 64,
    fromWidth: 360,
    skeleton: 20,
    cell: (group) => (
      <CallsLink search={{ ...links, ...stepCalls(group) }}>
        {formatCount(group.values['count'])}
      </CallsLink>
    ),
  },
];
