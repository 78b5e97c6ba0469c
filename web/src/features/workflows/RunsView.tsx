// SPDX-License-Identifier: Apache-2.0

import { useNewestRuns } from '../../api/sumQueries';
import type { PageScope } from '../../model/period';
import { AnswerOf } from '../../parts/AnswerOf';
import { RunsLink } from '../../parts/links';
import { ShortRuns } from '../../parts/ShortRuns';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/Notice';
import { texts } from './texts';

const shown = 25;

export function RunsView(props: { readonly scope: PageScope; readonly name: string }) {
  const { scope, name } = props;
  const query = useNewestRuns(scope, { workflow: name }, shown);
  return (
    <Card
      title={texts.runs}
      testId="workflow-runs"
      end={<RunsLink search={{ ...scope.links, workflow_id: name }}>{texts.allRuns}</RunsLink>}
    >
      <AnswerOf query={query} what="runs" lines={8}>
        {({ runs }) =>
          runs.length === 0 ? (
            <EmptyState title={texts.noRuns} isCompact />
          ) : (
            <ShortRuns caption={texts.runs} runs={runs} scope={scope.links} />
          )
        }
      </AnswerOf>
    </Card>
  );
}
