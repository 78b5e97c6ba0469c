// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { grains, grainWay } from '../model/grains';
import type { Grain } from '../model/grains';
import styles from './GrainSwitch.module.css';
import { useAddress } from './useAddress';

const labels = { runs: 'Runs', calls: 'Calls', sessions: 'Sessions' } as const;
const paths = { runs: '/runs', calls: '/calls', sessions: '/sessions' } as const;

/** What a way leaves behind, in words; undefined for one that takes everything along. */
function leftText(left: readonly string[]): string | undefined {
  if (left.length === 0) return undefined;
  return `Without ${left.map((key) => key.replaceAll('_', ' ')).join(', ')}, which this list does not have`;
}

/** The same stretch of work as runs, as their calls, or as sessions. */
export function GrainSwitch(props: { readonly here: Grain }) {
  const { here } = props;
  const { search } = useAddress();
  return (
    <nav className={styles.grains} aria-label="Listed as" data-testid="grains">
      {grains.map((grain) => {
        const way = grainWay(here, grain, search);
        return (
          <Link
            key={grain}
            to={paths[grain]}
            search={way.search}
            title={leftText(way.left)}
            aria-current={grain === here ? 'page' : undefined}
            className={styles.grain}
          >
            {labels[grain]}
          </Link>
        );
      })}
    </nav>
  );
}
