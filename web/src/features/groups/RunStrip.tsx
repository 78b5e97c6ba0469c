// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../base/format';
import { stripOf } from '../../model/runStrip';
import type { Run } from '../../model/run';
import { statusTone } from '../../parts/statusTone';
import { useAddress } from '../../parts/useAddress';
import { useClock } from '../../ui/useClock';
import styles from './GroupPage.module.css';

/** Runs as marks in time, coloured by how they came out. The list below says the same in words. */
export function RunStrip(props: { readonly runs: readonly Run[] }) {
  const clock = useClock();
  const { scope } = useAddress();
  const strip = stripOf(props.runs, props.runs[0]?.startNs ?? 0n);
  if (strip === undefined) return undefined;
  return (
    <div>
      <div className={styles.strip} aria-hidden="true" data-testid="run-strip">
        {strip.runs.map(({ run, left, width }) => (
          <Link
            key={run.traceId}
            to="/runs/$traceId"
            params={{ traceId: run.traceId }}
            search={scope}
            tabIndex={-1}
            className={styles.mark}
            data-tone={statusTone(run.status)}
            style={{ left: `${left}%`, width: `${width}%` }}
            title={`${run.name}, ${run.status}, ${clock.moment(run.startNs)}, ${formatDuration(run.durationSeconds)}`}
          />
        ))}
      </div>
      <div className={styles.ends}>
        <span>{clock.moment(strip.startNs)}</span>
        <span>{clock.moment(strip.endNs)}</span>
      </div>
    </div>
  );
}
