// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { LiveFeed } from '../../model/feedState';
import type { FilterKey } from '../../model/filterFields';
import type { TraceView } from '../../model/liveTrace';
import type { Run } from '../../model/run';
import { DemoTag } from '../../parts/DemoTag';
import { LiveIndicator } from '../../parts/LiveIndicator';
import { StatusMark } from '../../parts/StatusMark';
import { useAddress } from '../../parts/useAddress';
import { CopyButton } from '../../ui/CopyButton';
import type { Fact } from '../../ui/Facts';
import { FactRow } from '../../ui/Facts';
import { Skeleton } from '../../ui/Notice';
import { usePageTitle } from '../../ui/usePageTitle';
import { AddToDataset } from './judge/AddToDataset';
import { RunScores } from './judge/RunScores';
import { Figures } from './RunFigures';
import styles from './RunHeader.module.css';

/** A name that leads to all runs that have it. */
function RunsWith(props: { readonly field: FilterKey; readonly value: string }) {
  const { scope } = useAddress();
  return (
    <Link to="/runs" search={{ ...scope, [props.field]: props.value }} dir="auto">
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

export function RunHeader(props: { readonly view: TraceView; readonly feed: LiveFeed }) {
  const { view } = props;
  const { run } = view;
  const heading = useHeadingFocus();
  usePageTitle(`${run.name} · ${run.status}`);
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <h1 className={styles.title} title={run.name} ref={heading} tabIndex={-1} dir="auto">
          {run.name}
        </h1>
        <StatusMark status={run.status} />
        {run.isDemo && <DemoTag />}
        <div className={styles.end}>
          <CopyButton label="Copy a link to what is shown" text={() => window.location.href}>
            Copy link
          </CopyButton>
          <span className={styles.onlyWide}>
            <AddToDataset view={view} />
          </span>
          <TraceId traceId={run.traceId} />
          <LiveIndicator feed={props.feed} />
        </div>
      </div>
      <div className={styles.facts}>
        <Figures view={view} />
        <RunScores run={run} />
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

const skeletonWidths = [64, 72, 90, 84, 60];

/** The head of a run that is not known yet; of one that will not come, its id alone. */
export function RunHeaderSkeleton(props: {
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
        <div className={styles.figures}>
          {skeletonWidths.map((width) => (
            <Skeleton key={width} width={width} />
          ))}
        </div>
      )}
    </header>
  );
}
