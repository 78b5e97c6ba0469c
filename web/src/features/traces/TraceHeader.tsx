// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { LiveFeed } from '../../api/useLiveFeed';
import { formatCount, formatDuration, formatExactTime, formatMoment } from '../../base/format';
import type { Run } from '../../model/run';
import { CopyButton } from '../../ui/CopyButton';
import { FactRow } from '../../ui/Facts';
import type { Fact } from '../../ui/Facts';
import { Skeleton } from '../../ui/Notice';
import { CostText } from './CostText';
import { DemoTag } from './DemoTag';
import { LiveIndicator } from './LiveIndicator';
import { StatusMark } from './StatusMark';
import styles from './TraceHeader.module.css';

function runFacts(run: Run): readonly Fact[] {
  const errors = run.errorCount ?? 0;
  return [
    { label: 'Status', value: <StatusMark status={run.status} /> },
    {
      label: 'Duration',
      value: formatDuration(run.durationSeconds),
      title: run.endNs === undefined ? 'Not ended yet' : `Ended ${formatExactTime(run.endNs)}`,
    },
    {
      label: 'Started',
      value: formatMoment(run.startNs, new Date()),
      title: run.startNs === undefined ? undefined : formatExactTime(run.startNs),
    },
    { label: 'Agent', value: run.agent, title: run.agent },
    { label: 'Workflow', value: run.workflowId, title: run.workflowId },
    { label: 'Spans', value: formatCount(run.spanCount), title: 'Spans that have ended' },
    {
      label: 'Errors',
      value: (
        <span className={errors > 0 ? styles.failed : undefined}>
          {formatCount(run.errorCount)}
        </span>
      ),
    },
    { label: 'Tokens', value: formatCount(run.totalTokens) },
    { label: 'Cost', value: <CostText cost={run.cost} /> },
    {
      label: run.models.length > 1 ? 'Models' : 'Model',
      value: run.models.length === 0 ? undefined : run.models.join(', '),
      title: run.models.join(', '),
    },
    {
      label: 'Session',
      value: run.sessionId !== undefined && (
        <Link to="/" search={{ session_id: run.sessionId }}>
          {run.sessionId}
        </Link>
      ),
      title: 'Show all runs of this session',
    },
    { label: 'User', value: run.userId, title: run.userId },
  ].filter((fact) => fact.value !== false);
}

export function TraceHeader(props: { readonly run: Run; readonly feed: LiveFeed }) {
  const { run } = props;
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <h1 className={styles.title} title={run.name}>
          {run.name}
        </h1>
        {run.isDemo && <DemoTag />}
        <div className={styles.end}>
          <TraceId traceId={run.traceId} />
          <LiveIndicator feed={props.feed} />
        </div>
      </div>
      <FactRow facts={runFacts(run)} />
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

const skeletonFacts = [
  'Status',
  'Duration',
  'Started',
  'Agent',
  'Spans',
  'Errors',
  'Tokens',
  'Cost',
];

export function TraceHeaderSkeleton(props: { readonly traceId: string }) {
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <h1 className={styles.title}>Run</h1>
        <div className={styles.end}>
          <TraceId traceId={props.traceId} />
        </div>
      </div>
      <FactRow facts={skeletonFacts.map((label) => ({ label, value: <Skeleton width={56} /> }))} />
    </header>
  );
}
