// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { formatCount, formatDuration, plural } from '../../base/format';
import type { RepeatedStep, StepRow } from '../../model/bottlenecks';
import type { SearchTexts } from '../../model/searchTexts';
import { CostText } from '../../parts/CostText';
import { CallsLink } from '../../parts/links';
import type { Column } from '../../ui/dataColumns';
import { percentOf } from './sampleText';

function figure(
  id: string,
  label: string,
  cell: (row: StepRow) => ReactNode,
  title: string,
  fromWidth = 0,
): Column<StepRow> {
  return {
    id,
    label,
    isFigure: true,
    width: 104,
    fromWidth,
    skeleton: 40,
    cell,
    title: () => title,
  };
}

/** To the calls of a step, the longest first: what it takes is seen at once. */
function StepLink(props: { readonly calls: SearchTexts; readonly step: string }) {
  const { calls, step } = props;
  return (
    <CallsLink search={{ ...calls, step_name: step, sort: '-duration' }}>
      <bdi>{step}</bdi>
    </CallsLink>
  );
}

export const stepColumns = (calls: SearchTexts): readonly Column<StepRow>[] => [
  {
    id: 'step',
    label: 'Step',
    isFixed: true,
    skeleton: 140,
    title: ({ step }) => step,
    cell: ({ step }) => <StepLink calls={calls} step={step} />,
  },
  figure(
    'time',
    'Of the time',
    ({ path }) => percentOf(path?.shareOfTime),
    'Of the duration of all runs, spent waiting for this step',
  ),
  figure(
    'cost',
    'Of the cost',
    ({ step, path }) =>
      path?.shareOfCost === undefined ? (
        percentOf(undefined)
      ) : (
        <CallsLink search={{ ...calls, step_name: step, sort: '-cost' }}>
          {percentOf(path.shareOfCost)}
        </CallsLink>
      ),
    'Of the cost that is known',
    420,
  ),
  figure(
    'self',
    'Self, a run',
    ({ self }) => formatDuration(self?.secondsPerRun),
    'What the step did itself, without the steps below it',
    560,
  ),
  figure(
    'share',
    'Of self time',
    ({ self }) => percentOf(self?.share),
    'Of the self time of all steps',
    760,
  ),
  figure(
    'slack',
    'Slack',
    ({ path }) => formatDuration(path?.slackSeconds),
    'How much later a call could have ended without making its run longer, on average',
    900,
  ),
  figure(
    'runs',
    'In runs',
    ({ path }) => formatCount(path?.runs),
    'Runs whose critical path it is part of',
    640,
  ),
];

export type Again = RepeatedStep & { readonly what: 'failed attempt' | 'same call again' };

export const againColumns = (calls: SearchTexts): readonly Column<Again>[] => [
  {
    id: 'step',
    label: 'Step',
    isFixed: true,
    skeleton: 120,
    title: ({ step }) => step,
    cell: ({ step, what }) => (
      <CallsLink
        search={{
          ...calls,
          step_name: step,
          ...(what === 'failed attempt' ? { status: 'failed' } : {}),
        }}
      >
        <bdi>{step}</bdi>
      </CallsLink>
    ),
  },
  {
    id: 'what',
    label: 'What',
    isMuted: true,
    width: 130,
    fromWidth: 420,
    skeleton: 70,
    cell: ({ what }) => what,
  },
  {
    id: 'calls',
    label: 'Calls',
    isFigure: true,
    width: 64,
    skeleton: 20,
    title: ({ runs }) => `in ${plural(runs, 'run')}`,
    cell: ({ calls }) => formatCount(calls),
  },
  {
    id: 'time',
    label: 'Time',
    isFigure: true,
    width: 90,
    skeleton: 40,
    cell: ({ wastedSeconds }) => formatDuration(wastedSeconds),
  },
  {
    id: 'cost',
    label: 'Cost',
    isFigure: true,
    width: 104,
    skeleton: 40,
    cell: ({ cost }) => <CostText cost={cost} isInColumn />,
  },
];
