// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { useRepricing, useRepricings, useStartRepricing } from '../../api/repriceQueries';
import { formatCount, plural } from '../../base/format';
import type { RunFilter } from '../../model/filterFields';
import { repricingTime } from '../../model/repricing';
import type { Repricing, RepricingTime } from '../../model/repricing';
import { Button } from '../../ui/Button';
import { FlowNote } from '../../ui/Flow';
import { ErrorNotice } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import styles from './RepricePanel.module.css';
import { RepriceResult } from './RepriceResult';

/** What is shown, and the time it is of; `shownRuns` are those that the preview of an applied job had. */
interface Chosen {
  readonly id: string;
  readonly time: RepricingTime;
  readonly shownRuns?: number;
}

/**
 * Prices the calls of the page's time again: first the difference is shown, then it is applied. A job that
 * was begun elsewhere, or before the page was loaded, is shown as well.
 */
export function RepricePanel(props: { readonly filter: RunFilter | undefined }) {
  const { filter } = props;
  const [chosen, setChosen] = useState<Chosen>();
  const all = useRepricings();
  const start = useStartRepricing();
  const found = all.data?.find(({ state }) => state === 'running');
  const query = useRepricing(chosen?.id ?? found?.id);
  const job = query.data;
  const isRunning = job?.state === 'running';
  const isBusy = isRunning || start.isPending;
  const begin = (time: RepricingTime, isDryRun: boolean, shownRuns?: number): void =>
    start.mutate(
      { time, isDryRun },
      {
        onSuccess: ({ id }) =>
          setChosen({ id, time, ...(shownRuns === undefined ? {} : { shownRuns }) }),
      },
    );
  const canApply = job?.state === 'done' && job.isDryRun && job.changedRuns > 0;
  return (
    <section className={styles.panel} aria-label="Stored calls" data-testid="reprice">
      <h3>Stored calls</h3>
      <FlowNote>
        Of all runs that began in the time of this page, whatever else it is narrowed to. What
        senders state about costs stays.
      </FlowNote>
      <div className={styles.buttons}>
        <Button
          aria-disabled={isBusy || filter === undefined}
          onClick={() => {
            if (!isBusy && filter !== undefined) begin(repricingTime(filter, Date.now()), true);
          }}
        >
          Show what would change
        </Button>
        {canApply && chosen !== undefined && (
          <Button aria-disabled={isBusy} onClick={() => begin(chosen.time, false, job.runs)}>
            Apply to {plural(job.changedRuns, 'run')}
          </Button>
        )}
      </div>
      {start.isError && <ErrorNotice message={`Cannot price them again: ${start.error.message}`} />}
      {query.isError && (
        <ErrorNotice
          message={`Cannot tell how far it is: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      <div role="status">{job !== undefined && stateText(job)}</div>
      {isRunning && <Progress job={job} of={chosen?.shownRuns} />}
      {job !== undefined && <JobTime job={job} />}
      {job !== undefined && job.state !== 'running' && <RepriceResult job={job} />}
    </section>
  );
}

function stateText(job: Repricing): string {
  const { state, isDryRun, runs, changedRuns } = job;
  switch (state) {
    case 'running':
      return isDryRun ? 'Looking for what would change…' : 'Pricing again…';
    case 'failed':
      return `It has failed: ${job.detail ?? 'the server does not say why'}.`;
    case 'done': {
      if (runs === 0)
        return 'No run of this time is stored yet. Runs are stored half a minute after they are over.';
      if (changedRuns === 0)
        return `Nothing to change: ${plural(runs, 'run')} cost what ${runs === 1 ? 'it costs' : 'they cost'} already.`;
      const of = `${formatCount(changedRuns)} of ${plural(runs, 'run')}`;
      return isDryRun
        ? `${of} would cost something else.`
        : `Done: ${of} ${changedRuns === 1 ? 'has' : 'have'} new costs, and all sums with ${changedRuns === 1 ? 'it' : 'them'}.`;
    }
  }
}

/** How many runs are done; of how many is known only after a preview. */
function Progress(props: { readonly job: Repricing; readonly of: number | undefined }) {
  const { job, of } = props;
  const text =
    of === undefined ? plural(job.runs, 'run') : `${formatCount(job.runs)} of ${plural(of, 'run')}`;
  return (
    <label className={styles.progress}>
      <progress
        max={of === undefined || of === 0 ? undefined : of}
        value={of === undefined ? undefined : Math.min(job.runs, of)}
      />
      <span>
        {text}, {plural(job.calls, 'call')} so far
      </span>
    </label>
  );
}

function JobTime(props: { readonly job: Repricing }) {
  const { startNs, endNs } = props.job;
  const clock = useClock();
  return (
    <FlowNote testId="reprice-time">
      Runs that began from <span title={clock.exact(startNs)}>{clock.moment(startNs)}</span> to{' '}
      <span title={clock.exact(endNs)}>{clock.moment(endNs)}</span>
    </FlowNote>
  );
}
