// SPDX-License-Identifier: Apache-2.0

import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useRunCounts, useSums } from '../../api/sumQueries';
import { formatDuration } from '../../base/format';
import { periodBefore, periodSearch, timeText } from '../../model/period';
import type { PageScope, Period } from '../../model/period';
import { stepTimes, valuesOver } from '../../model/sums';
import type { Sums } from '../../model/sums';
import { AnswerOf } from '../../parts/AnswerOf';
import { RunsLink } from '../../parts/links';
import { RunsOverTime } from '../../parts/RunsOverTime';
import { SumPage } from '../../parts/SumPage';
import { SumTiles, tileMeasures } from '../../parts/SumTiles';
import { useAddress } from '../../parts/useAddress';
import { usePageScope } from '../../parts/usePageScope';
import { Card, CardRow } from '../../ui/Card';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { Tabs } from '../../ui/Tabs';
import { Trend } from '../../ui/Trend';
import { FailuresView } from './FailuresView';
import { FlameView } from './FlameView';
import { ForecastView } from './ForecastView';
import { PathView } from './PathView';
import { ResourcesView } from './ResourcesView';
import { RunsView } from './RunsView';
import { texts, views } from './texts';
import type { View } from './texts';

const usualTime = '7d';
const keys: readonly string[] = ['view', 'weight', 'measure', 'whatif'];
const measures = [...tileMeasures, 'p50_duration'];
const panelId = 'workflow-view';

/** The filters of the runs of a workflow, as the comparison takes them. */
function basket(name: string, { fromMs, toMs }: Period): string {
  return new URLSearchParams({
    workflow_id: name,
    start_time: timeText(fromMs),
    end_time: timeText(toMs),
  }).toString();
}

/** One workflow: how its runs did, what they wait for, why they fail and what comes next. */
export function WorkflowPage() {
  const { name } = useParams({ from: '/workflows/$name' });
  const scope = usePageScope(usualTime, keys);
  const sums = useSums(scope, { measures, of: 'runs', steps: 36, workflow: name });
  const before = useSums(scope, { measures, of: 'runs', workflow: name, isBefore: true });
  const runs = useMemo(() => ({ ...scope.links, workflow_id: name }), [scope.links, name]);
  const period = sums.data?.period;
  const isQuiet = sums.data !== undefined && (sums.data.groups[0]?.values['count'] ?? 0) === 0;
  return (
    <SumPage
      title={name}
      scope={scope}
      testId="workflow-page"
      end={
        <>
          <Link
            to="/compare"
            search={
              period === undefined
                ? scope.links
                : {
                    ...scope.links,
                    a: basket(name, periodBefore(period)),
                    b: basket(name, period),
                  }
            }
          >
            Compare with the time before
          </Link>
          <RunsLink search={runs}>{texts.allRuns}</RunsLink>
        </>
      }
    >
      {sums.isError && (
        <ErrorNotice
          message={`Cannot load the figures: ${sums.error.message}`}
          onRetry={() => void sums.refetch()}
        />
      )}
      {isQuiet ? (
        <EmptyState title={texts.noRuns}>{texts.nothingHint}</EmptyState>
      ) : (
        <>
          <SumTiles label={texts.tiles} sums={sums.data} before={before.data} runs={runs} />
          <Courses scope={scope} name={name} sums={sums} />
          <ViewOf scope={scope} name={name} />
        </>
      )}
    </SumPage>
  );
}

function Courses(props: {
  readonly scope: PageScope;
  readonly name: string;
  readonly sums: ReturnType<typeof useSums>;
}) {
  const counts = useRunCounts(props.scope, props.name);
  return (
    <CardRow>
      <Card title={texts.runsOverTime}>
        <AnswerOf query={counts} what="runs over time" lines={6}>
          {(data) => <RunsOverTime label={texts.runsOverTime} counts={data} />}
        </AnswerOf>
      </Card>
      <Card title="Duration">
        <AnswerOf query={props.sums} what="durations" lines={6}>
          {(data) => <Durations sums={data} />}
        </AnswerOf>
      </Card>
    </CardRow>
  );
}

function Durations(props: { readonly sums: Sums }) {
  const { sums } = props;
  const { change } = useAddress();
  const { times, series } = useMemo(() => {
    const steps = stepTimes(sums);
    const [group] = sums.groups;
    const line = (measure: string, label: string, colour: string) => ({
      id: measure,
      label,
      colour,
      values: valuesOver(group, measure, steps),
    });
    return {
      times: steps.map((ms) => ms / 1000),
      series: [
        line('p95_duration', 'p95', 'var(--series-5)'),
        line('p50_duration', 'p50', 'var(--series-1)'),
      ],
    };
  }, [sums]);
  return (
    <Trend
      label="Duration over time"
      times={times}
      series={series}
      format={formatDuration}
      height={130}
      onRange={(from, to) => change(periodSearch(from * 1000, to * 1000))}
      testId="duration-trend"
    />
  );
}

function readView(text: string | undefined): View {
  return views.find(({ id }) => id === text)?.id ?? 'path';
}

function ViewOf(props: { readonly scope: PageScope; readonly name: string }) {
  const { search, change } = useAddress();
  const view = readView(search['view']);
  return (
    <>
      <Tabs
        label="What to look at"
        panelId={panelId}
        items={views}
        selected={view}
        onSelect={(id) => change({ view: id === 'path' ? undefined : id })}
      />
      <div id={panelId} role="tabpanel" aria-label={texts.title} tabIndex={-1}>
        {view === 'path' && <PathView {...props} />}
        {view === 'failures' && <FailuresView {...props} />}
        {view === 'forecast' && <ForecastView {...props} />}
        {view === 'flame' && <FlameView {...props} />}
        {view === 'resources' && <ResourcesView {...props} />}
        {view === 'runs' && <RunsView {...props} />}
      </div>
    </>
  );
}
