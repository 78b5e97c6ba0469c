// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useFiguresNow, useRunCounts, useSums } from '../../api/sumQueries';
import { tileMeasures } from '../../parts/SumTiles';
import { usePageScope } from '../../parts/usePageScope';
import { SumPage } from '../../parts/SumPage';
import { CardRow } from '../../ui/Card';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { Attention } from './Attention';
import { IngestLine } from './IngestLine';
import { OverviewTiles } from './OverviewTiles';
import { RunningNow } from './RunningNow';
import { RunsOverTime } from './RunsOverTime';
import { StateSentence } from './StateSentence';
import { SumTables } from './SumTables';
import { texts } from './texts';

const usualTime = '24h';
const noOtherKeys: readonly string[] = [];

/** What is going on, whether it is as usual, and what to look at first. */
export function OverviewPage() {
  const scope = usePageScope(usualTime, noOtherKeys);
  const figures = useFiguresNow(scope.isHeld);
  const sums = useSums(scope, { measures: tileMeasures, of: 'runs', steps: 24 });
  const before = useSums(scope, { measures: tileMeasures, of: 'runs', isBefore: true });
  const counts = useRunCounts(scope);
  const isNew = figures.data?.totalRuns === 0;
  const isQuiet = sums.data !== undefined && (sums.data.groups[0]?.values['count'] ?? 0) === 0;
  return (
    <SumPage title={texts.title} scope={scope} testId="overview-page">
      {isNew ? (
        <EmptyState title={texts.nothing}>
          <p>{texts.nothingHint}</p>
          <Link to="/runs">{texts.toRuns}</Link>
        </EmptyState>
      ) : (
        <>
          <StateSentence figures={figures} />
          {sums.isError && (
            <ErrorNotice
              message={`Cannot load the figures: ${sums.error.message}`}
              onRetry={() => void sums.refetch()}
            />
          )}
          <OverviewTiles
            scope={scope}
            sums={sums.data}
            before={before.data}
            figures={figures.data}
          />
          {isQuiet ? (
            <EmptyState title={texts.quiet} isCompact>
              {texts.quietHint}
            </EmptyState>
          ) : (
            <RunsOverTime counts={counts} />
          )}
          <CardRow>
            <Attention scope={scope} />
            <RunningNow scope={scope} />
          </CardRow>
          {!isQuiet && <SumTables scope={scope} />}
          <IngestLine figures={figures} isHeld={scope.isHeld} />
        </>
      )}
    </SumPage>
  );
}
