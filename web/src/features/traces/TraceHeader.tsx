// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { formatCount, formatDuration } from '../../base/format';
import type { LiveFeed } from '../../model/feedState';
import type { FilterKey } from '../../model/filterFields';
import type { Run } from '../../model/run';
import { useAddress } from '../../parts/useAddress';
import { CopyButton } from '../../ui/CopyButton';
import { FactRow } from '../../ui/Facts';
import type { Fact } from '../../ui/Facts';
import { Skeleton } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import type { Clock } from '../../ui/useClock';
import { usePageTitle } from '../../ui/usePageTitle';
import { CostText } from '../../parts/CostText';
import { DemoTag } from '../../parts/DemoTag';
import { LiveIndicator } from '../../parts/LiveIndicator';
import { StatusMark } from '../../parts/StatusMark';
import styles from './TraceHeader.module.css';

/** A name that leads to all runs that have it. */
function RunsWith(props: { readonly field: FilterKey; readonly value: string }) {
  const { scope } = useAddress();
  return (
    <Link to="/" search={{ ...scope, [props.field]: props.value }} dir="auto">
      {props.value}
    </Link>
  );
}

function entityFact(label: string, field: FilterKey, value: string | undefined): Fact {
  return {
    label,
    value: value !== undefined && <RunsWith field={field} value={value} />,
    title: value === undefined ? undefined : `All runs with ${label.toLowerCase()} ${value}`,
  };
}

/** What stands first: how it went, how long it took, what it used. */
function leadingFacts(run: Run, clock: Clock): readonly Fact[] {
  const errors = run.errorCount ?? 0;
  return [
    { label: 'Status', value: <StatusMark status={run.status} /> },
    {
      label: 'Duration',
      value: formatDuration(run.durationSeconds),
      title: run.endNs === undefined ? 'Not ended yet' : `Ended ${clock.exact(run.endNs) ?? ''}`,
    },
    { label: 'Cost', value: <CostText cost={run.cost} /> },
    { label: 'Tokens', value: formatCount(run.totalTokens) },
    {
      label: 'Errors',
      value: (
        <span className={errors > 0 ? styles.failed : undefined}>
          {formatCount(run.errorCount)}
        </span>
      ),
      title: 'Spans that failed',
    },
    { label: 'Spans', value: formatCount(run.spanCount), title: 'Spans that have ended' },
    {
      label: 'Started',
      value: clock.moment(run.startNs),
      title: clock.exact(run.startNs),
    },
  ];
}

/** Who and what took part, each with the way to all of its runs. */
export function entityFacts(run: Run): readonly Fact[] {
  const models = run.models.map((model, index) => (
    <span key={model}>
      {index > 0 && ', '}
      <RunsWith field="model" value={model} />
    </span>
  ));
  return [
    entityFact('Agent', 'agent', run.agent),
    entityFact('Workflow', 'workflow_id', run.workflowId),
    {
      label: models.length > 1 ? 'Models' : 'Model',
      value: models.length > 0 && models,
      title: run.models.join(', '),
    },
    entityFact('Session', 'session_id', run.sessionId),
    entityFact('User', 'user_id', run.userId),
    entityFact('Service', 'service', run.service),
  ].filter((fact) => fact.value !== false);
}

/** The heading takes the focus when the page opens, so that readers and keys begin there. */
function useHeadingFocus() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return heading;
}

export function TraceHeader(props: { readonly run: Run; readonly feed: LiveFeed }) {
  const { run } = props;
  const clock = useClock();
  const heading = useHeadingFocus();
  usePageTitle(`${run.name} · ${run.status}`);
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <h1 className={styles.title} title={run.name} ref={heading} tabIndex={-1} dir="auto">
          {run.name}
        </h1>
        {run.isDemo && <DemoTag />}
        <div className={styles.end}>
          <CopyButton label="Copy a link to what is shown" text={() => window.location.href}>
            Copy link
          </CopyButton>
          <TraceId traceId={run.traceId} />
          <LiveIndicator feed={props.feed} />
        </div>
      </div>
      <div className={styles.facts}>
        <FactRow facts={leadingFacts(run, clock)} />
        <div className={styles.entities}>
          <FactRow facts={entityFacts(run)} />
        </div>
      </div>
    </header>
  );
}

function TraceId(props: { readonly traceId: string }) {
  return (
    <span className={styles.id} title={`Trace ${props.traceId}`}>
      <code>{props.traceId.slice(0, 12)}…</code>
      <CopyButton text={props.traceId} label="Copy trace id" />
    </span>
  );
}

const skeletonFacts = ['Status', 'Duration', 'Cost', 'Tokens', 'Errors', 'Spans', 'Started'];

/** The head of a run that is not known yet; of one that will not come, its id alone. */
export function TraceHeaderSkeleton(props: {
  readonly traceId: string;
  readonly title: string;
  readonly isLoading: boolean;
}) {
  const heading = useHeadingFocus();
  usePageTitle(props.title);
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <h1 className={styles.title} ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        <div className={styles.end}>
          <TraceId traceId={props.traceId} />
        </div>
      </div>
      {props.isLoading && (
        <FactRow
          facts={skeletonFacts.map((label) => ({ label, value: <Skeleton width={56} /> }))}
        />
      )}
    </header>
  );
}
