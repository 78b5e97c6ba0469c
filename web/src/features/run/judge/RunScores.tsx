// SPDX-License-Identifier: Apache-2.0

import { useScores } from '../../../api/judgementQueries';
import { newestOfRun, scoreText } from '../../../model/judgement';
import type { Run } from '../../../model/run';
import { Figure } from '../RunFigures';
import headerStyles from '../RunHeader.module.css';

const mostNames = 4;

/** Beside the figures of a run what it was judged to be; of each name the newest score of the whole run. */
export function RunScores({ run }: { readonly run: Run }) {
  const scores = newestOfRun(useScores(run).data?.items ?? []);
  if (scores.length === 0) return undefined;
  const more = scores.length - mostNames;
  return (
    <dl className={headerStyles.figures} aria-label="Scores" data-testid="run-scores">
      {scores.slice(0, mostNames).map((score) => (
        <Figure key={score.id} label={score.name} title={score.comment}>
          <bdi>{scoreText(score)}</bdi>
        </Figure>
      ))}
      {more > 0 && <Figure label="more scores">{more}</Figure>}
    </dl>
  );
}
