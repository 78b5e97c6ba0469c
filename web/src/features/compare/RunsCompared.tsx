// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { formatCompact, formatCount, formatDuration, formatUsd, plural } from '../../base/format';
import { editKinds, stepVerdict } from '../../model/comparison';
import type { RunComparison } from '../../model/comparison';
import type { Run } from '../../model/run';
import type { SearchTexts } from '../../model/searchTexts';
import { CostText } from '../../parts/CostText';
import { RunLink } from '../../parts/links';
import { StatusMark } from '../../parts/StatusMark';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { Card, CardRow } from '../../ui/Card';
import { FactRow } from '../../ui/Facts';
import { EmptyState, Note } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import { AlignedSteps } from './AlignedSteps';
import { PairView } from './PairView';
import styles from './Compare.module.css';
import { signed } from './signed';
import { editWords, texts } from './texts';

/** The heads of both runs, what differs, the steps of both and the pair that is chosen. */
export function RunsCompared(props: {
  readonly comparison: RunComparison;
  readonly scope: SearchTexts;
}) {
  const { comparison, scope } = props;
  const { search, change } = useAddress();
  const isDifferent = search['only'] === 'differences';
  const steps = useMemo(
    () =>
      isDifferent
        ? comparison.steps.filter((step) => stepVerdict(step) !== 'same')
        : comparison.steps,
    [comparison, isDifferent],
  );
  const chosenId = search['step'] ?? comparison.partsAt;
  const chosen = comparison.steps.find(({ id }) => id === chosenId);
  return (
    <>
      <CardRow>
        <RunHead title={texts.left} run={comparison.a} scope={scope} />
        <RunHead title={texts.right} run={comparison.b} scope={scope} />
        <Differences comparison={comparison} />
      </CardRow>
      {comparison.isApproximate && (
        <Note>There were too many steps to compare each with each: pairs are approximate.</Note>
      )}
      {comparison.leftOut > 0 && (
        <Note>{plural(comparison.leftOut, 'step')} beyond the first 3,000 are not compared.</Note>
      )}
      <div className={styles.split}>
        <Card
          title={texts.steps}
          testId="aligned-steps"
          end={
            <Button
              aria-pressed={isDifferent}
              onClick={() => change({ only: isDifferent ? undefined : 'differences' })}
            >
              Only differences
            </Button>
          }
        >
          {steps.length === 0 ? (
            <EmptyState title={texts.alike} isCompact />
          ) : (
            <AlignedSteps
              steps={steps}
              all={comparison.steps}
              chosenId={chosen?.id}
              partsAt={comparison.partsAt}
              onChoose={(step) => change({ step })}
            />
          )}
        </Card>
        <PairView step={chosen} a={comparison.a} b={comparison.b} scope={scope} />
      </div>
    </>
  );
}

function RunHead(props: {
  readonly title: string;
  readonly run: Run;
  readonly scope: SearchTexts;
}) {
  const { run } = props;
  const clock = useClock();
  return (
    <Card
      title={props.title}
      end={
        <RunLink traceId={run.traceId} search={props.scope}>
          {run.name}
        </RunLink>
      }
    >
      <FactRow
        facts={[
          { label: 'Status', value: <StatusMark status={run.status} /> },
          {
            label: 'Started',
            value: clock.moment(run.startNs),
            title: clock.exact(run.startNs),
          },
          { label: 'Duration', value: formatDuration(run.durationSeconds) },
          { label: 'Cost', value: <CostText cost={run.cost} /> },
          { label: 'Tokens', value: formatCompact(run.totalTokens) },
          { label: 'Errors', value: formatCount(run.errorCount) },
        ]}
      />
    </Card>
  );
}

function Differences(props: { readonly comparison: RunComparison }) {
  const { difference, edits } = props.comparison;
  const counts = editKinds.filter((kind) => edits[kind] > 0);
  return (
    <Card title="Right less left" testId="differences-of-runs">
      <FactRow
        facts={[
          { label: 'Duration', value: signed(difference.seconds, formatDuration) },
          { label: 'Cost', value: signed(difference.usd, formatUsd) },
          { label: 'Tokens', value: signed(difference.tokens, formatCompact) },
          {
            label: 'Steps',
            value: (
              <span className={styles.whole}>
                {counts.length === 0
                  ? 'none differs'
                  : counts
                      .map((kind) => `${formatCount(edits[kind])} ${editWords[kind]}`)
                      .join(', ')}
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}
