// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatPercent, formatUsd } from '../../base/format';
import type { SearchTexts } from '../../model/searchTexts';
import { stepTimes, valuesOver } from '../../model/sums';
import type { SumGroup, Sums } from '../../model/sums';
import { CostText } from '../../parts/CostText';
import { RunsLink } from '../../parts/links';
import type { Column } from '../../ui/dataColumns';
import { Sparkline } from '../../ui/Sparkline';
import { texts } from './texts';
import styles from './Workflows.module.css';

function value(group: SumGroup, measure: string): number {
  return group.values[measure] ?? -1;
}

function byMeasure(measure: string) {
  return (left: SumGroup, right: SumGroup): number => value(left, measure) - value(right, measure);
}

/** A figure that leads to the runs it counts. */
function figure(
  id: string,
  label: string,
  measure: string,
  cell: (group: SumGroup) => ReactNode,
  more: Partial<Column<SumGroup>> = {},
): Column<SumGroup> {
  return {
    id,
    label,
    isFigure: true,
    width: 92,
    skeleton: 40,
    cell,
    compare: byMeasure(measure),
    ...more,
  };
}

/** What its runs took, each figure with the way to those that took most. */
function sumColumns(runs: (group: SumGroup) => SearchTexts): readonly Column<SumGroup>[] {
  return [
    figure('p50', 'p50', 'p50_duration', (group) => formatDuration(group.values['p50_duration']), {
      fromWidth: 900,
    }),
    figure(
      'p95',
      'p95',
      'p95_duration',
      (group) => (
        <RunsLink search={{ ...runs(group), sort: '-duration' }} title={texts.longestRuns}>
          {formatDuration(group.values['p95_duration'])}
        </RunsLink>
      ),
      { fromWidth: 620 },
    ),
    figure(
      'cost',
      'Cost',
      'cost',
      (group) => (
        <RunsLink search={{ ...runs(group), sort: '-cost' }} title={texts.expensiveRuns}>
          <CostText cost={group.cost} isInColumn />
        </RunsLink>
      ),
      { width: 116, fromWidth: 540 },
    ),
    figure(
      'mean_cost',
      'Cost a run',
      'average_cost',
      (group) =>
        group.values['average_cost'] === undefined
          ? '–'
          : `${group.cost.kind === 'partial' ? '≥ ' : ''}${formatUsd(group.values['average_cost'])}`,
      { width: 108, fromWidth: 1000 },
    ),
  ];
}

export function workflowColumns(
  sums: Sums | undefined,
  links: SearchTexts,
): readonly Column<SumGroup>[] {
  const times = sums === undefined ? [] : stepTimes(sums);
  const runs = (group: SumGroup): SearchTexts => ({
    ...links,
    workflow_id: group.keys['workflow_id'],
  });
  return [
    {
      id: 'name',
      label: 'Workflow',
      isFixed: true,
      skeleton: 180,
      title: ({ keys }) => keys['workflow_id'],
      cell: (_group, link) => <span className={styles.name}>{link}</span>,
      compare: (left, right) =>
        (left.keys['workflow_id'] ?? '').localeCompare(right.keys['workflow_id'] ?? ''),
    },
    figure('runs', 'Runs', 'count', (group) => (
      <RunsLink search={runs(group)}>{formatCount(group.values['count'])}</RunsLink>
    )),
    {
      id: 'course',
      label: 'Course',
      width: 120,
      fromWidth: 760,
      skeleton: 90,
      cell: (group) => <Sparkline values={valuesOver(group, 'count', times)} />,
    },
    figure(
      'success',
      'Success',
      'failure_rate',
      (group) => {
        const rate = group.values['failure_rate'];
        return rate === undefined ? '–' : formatPercent(Math.round((100 - rate) * 10) / 10);
      },
      {
        title: () => 'Runs that did not fail, of all that began',
        compare: (left, right) => value(right, 'failure_rate') - value(left, 'failure_rate'),
      },
    ),
    figure(
      'failed',
      'Failed',
      'failed',
      (group) => (
        <RunsLink search={{ ...runs(group), status: 'failed' }}>
          {formatCount(group.values['failed'])}
        </RunsLink>
      ),
      { fromWidth: 540, width: 76 },
    ),
    ...sumColumns(runs),
  ];
}
