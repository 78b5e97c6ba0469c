// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { useTurn } from '../../api/groupQueries';
import type { Run } from '../../model/run';
import { isOver } from '../../model/status';
import { useIsSeen } from '../../ui/useIsSeen';
import styles from './RunTable.module.css';

/** What a run was asked, read once it is seen; what came of it, once it has ended. */
function useSaid(run: Run, isSeen: boolean) {
  // Of a run that goes on only the question counts, and it does not change with every span.
  return useTurn(isOver(run.status) ? run : { ...run, spanCount: undefined }, isSeen).data;
}

interface Lines {
  /** What was asked, beside the name. */
  readonly beside?: string | undefined;
  readonly below?: string | undefined;
}

/** What was asked stands below where nothing else does; with nothing to say there is no second line. */
function linesOf(question: string | undefined, outcome: string | undefined): Lines {
  return outcome === undefined ? { below: question } : { beside: question, below: outcome };
}

/** The name of a run with what was asked, and below it what came back, or the error. */
export function TwoLines(props: { readonly run: Run; readonly name: ReactNode }) {
  const { run, name } = props;
  const { box, isSeen } = useIsSeen<HTMLDivElement>();
  const said = useSaid(run, isSeen);
  const outcome = isOver(run.status) ? (said?.error ?? said?.answer) : undefined;
  const isFailed = said?.error !== undefined && outcome === said.error;
  const { beside, below } = linesOf(said?.question, outcome);
  return (
    <div ref={box} className={styles.two}>
      <div className={styles.first}>
        {name}
        {beside !== undefined && (
          <span className={styles.asked} title={beside} dir="auto">
            {beside}
          </span>
        )}
      </div>
      {(below !== undefined || said === undefined) && (
        <div className={isFailed ? styles.error : styles.answer} title={below} dir="auto">
          {below}
        </div>
      )}
    </div>
  );
}
