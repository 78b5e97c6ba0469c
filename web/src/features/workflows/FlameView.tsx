// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { useProfile } from '../../api/workflowQueries';
import { formatCompact, formatDuration, formatUsd, plural } from '../../base/format';
import type { PageScope } from '../../model/period';
import { profileTree, profileWeights, weightValue } from '../../model/profile';
import type { Profile, ProfileWeight } from '../../model/profile';
import { AnswerOf } from '../../parts/AnswerOf';
import { useAddress } from '../../parts/useAddress';
import { Card } from '../../ui/Card';
import { Flame } from '../../ui/Flame';
import { EmptyState, Note } from '../../ui/Notice';
import { SelectField } from '../../ui/SelectField';
import { sampleText } from './sampleText';
import { texts, weightLabels } from './texts';
import styles from './Workflows.module.css';

const options = profileWeights.map((value) => ({ value, label: weightLabels[value] }));

function formatWeight(weight: number, kind: ProfileWeight): string {
  const value = weightValue(weight, kind);
  switch (kind) {
    case 'time':
      return formatDuration(value);
    case 'cost':
      return formatUsd(value);
    case 'tokens':
      return `${formatCompact(value)} tokens`;
  }
}

/** Time, money or tokens of many runs, by agent, step, and tool or model. */
export function FlameView(props: { readonly scope: PageScope; readonly name: string }) {
  const { search, change } = useAddress();
  const weight = profileWeights.find((one) => one === search['weight']) ?? 'time';
  const query = useProfile(props.scope, props.name, weight);
  return (
    <Card
      title={texts.flame}
      testId="flame-card"
      end={
        <>
          {query.data !== undefined && sampleText(query.data.sample)}
          <SelectField
            label="Width of the boxes"
            value={weight}
            options={options}
            onChange={(value) => change({ weight: value === 'time' ? undefined : value })}
          />
        </>
      }
    >
      <AnswerOf query={query} what="the flame graph" lines={6}>
        {(profile) => <FlameOf profile={profile} weight={weight} />}
      </AnswerOf>
    </Card>
  );
}

function FlameOf(props: { readonly profile: Profile; readonly weight: ProfileWeight }) {
  const { profile, weight } = props;
  const root = useMemo(() => profileTree(profile, 'All of it'), [profile]);
  if (root.value === 0)
    return (
      <EmptyState title={`No ${weightLabels[weight].toLowerCase()} to show`} isCompact>
        {profile.unpricedCalls > 0
          ? `${plural(profile.unpricedCalls, 'model call')} have no known price.`
          : 'Nothing of it was recorded in the runs of this time.'}
      </EmptyState>
    );
  return (
    <div className={styles.panel}>
      {weight === 'cost' && profile.unpricedCalls > 0 && (
        <Note>
          {plural(profile.unpricedCalls, 'model call')} without a known price are not part of it.
        </Note>
      )}
      <Flame
        label={`${texts.flame}: ${weightLabels[weight]}`}
        root={root}
        format={(value) => formatWeight(value, weight)}
        testId="flame"
      />
      <p className={styles.hint}>
        Click or press Enter on a box to zoom in, Escape to zoom out; arrow keys walk. Time is what
        a step did itself, so parallel steps can sum to more than the runs took.
      </p>
    </div>
  );
}
