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

/** The name of a run with what was asked, and below it what came back, or the error. */
export function TwoLines(props: { readonly run: Run; readonly name: ReactNode }) {
  const { run, name } = props;
  const { box, isSeen } = useIsSeen<HTMLDivElement>();
  const said = useSaid(run, isSeen);
  const outcome = isOver(run.status) ? (said?.error ?? said?.answer) : undefined;
  const isFailed = said?.error !== undefined && outcome === said.error;
  return (
    <div ref={box} className={styles.two}>
      <div className={styles.first}>
        {name}
        <span className={styles.asked} title={said?.question} dir="auto">
          {said?.question}
        </span>
      </div>
      <div className={isFailed ? styles.error : styles.answer} title={outcome} dir="auto">
        {outcome}
      </div>
    </div>
  );
}
