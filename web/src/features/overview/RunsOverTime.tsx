// SPDX-License-Identifier: Apache-2.0

import type { useRunCounts } from '../../api/sumQueries';
import { AnswerOf } from '../../parts/AnswerOf';
import { RunsOverTime as Chart } from '../../parts/RunsOverTime';
import { Card } from '../../ui/Card';
import { texts } from './texts';

export function RunsOverTime(props: { readonly counts: ReturnType<typeof useRunCounts> }) {
  return (
    <Card title={texts.runsOverTime}>
      <AnswerOf query={props.counts} what="runs over time" lines={5}>
        {(counts) => <Chart label={texts.runsOverTime} counts={counts} />}
      </AnswerOf>
    </Card>
  );
}
