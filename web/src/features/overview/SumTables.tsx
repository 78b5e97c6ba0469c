// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useSums } from '../../api/sumQueries';
import type { SumQuestion } from '../../api/sumQueries';
import type { PageScope } from '../../model/period';
import type { SumGroup } from '../../model/sums';
import { AnswerOf } from '../../parts/AnswerOf';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/Notice';
import { ShortTable } from '../../ui/ShortTable';
import styles from './Overview.module.css';
import { modelColumns, modelOf, stepColumns, workflowColumns } from './sumColumns';
import type { ColumnsOf } from './sumColumns';
import { texts } from './texts';

const shown = 6;
const questions = {
  workflows: {
    measures: ['failed', 'count', 'failure_rate'],
    by: ['workflow_id'],
    of: 'runs',
    limit: shown,
  },
  models: { measures: ['cost', 'calls', 'tokens'], by: ['model'], of: 'steps', limit: shown + 1 },
  steps: {
    measures: ['p95_duration', 'count', 'p50_duration'],
    by: ['step_name', 'workflow_id'],
    of: 'steps',
    limit: shown,
  },
} as const satisfies Readonly<Record<string, SumQuestion>>;

/** What fails most, costs most and takes longest. */
export function SumTables(props: { readonly scope: PageScope }) {
  const { scope } = props;
  return (
    <div className={styles.tables}>
      <SumTable
        scope={scope}
        name="workflows"
        columnsOf={workflowColumns}
        isShown={(group) => (group.values['failed'] ?? 0) > 0}
        nothing={texts.noFailures}
      />
      <SumTable
        scope={scope}
        name="models"
        columnsOf={modelColumns}
        isShown={(group) => modelOf(group) !== '' && (group.values['calls'] ?? 0) > 0}
        nothing={texts.noCalls}
      />
      <SumTable
        scope={scope}
        name="steps"
        columnsOf={stepColumns}
        isShown={() => true}
        nothing={texts.noSteps}
      />
    </div>
  );
}

function SumTable(props: {
  readonly scope: PageScope;
  readonly name: keyof typeof questions;
  readonly columnsOf: ColumnsOf;
  readonly isShown: (group: SumGroup) => boolean;
  readonly nothing: string;
}): ReactNode {
  const { scope, name, columnsOf } = props;
  const query = useSums(scope, questions[name]);
  const columns = useMemo(() => columnsOf(scope), [columnsOf, scope]);
  return (
    <Card title={texts[name]} testId={`top-${name}`}>
      <AnswerOf query={query} what={texts[name].toLowerCase()} lines={shown + 1}>
        {({ groups }) => {
          const rows = groups.filter(props.isShown).slice(0, shown);
          if (rows.length === 0) return <EmptyState title={props.nothing} isCompact />;
          return (
            <ShortTable
              id={`overview ${name}`}
              caption={texts[name]}
              columns={columns}
              rows={rows}
              idOf={({ keys }) => JSON.stringify(keys)}
            />
          );
        }}
      </AnswerOf>
    </Card>
  );
}
