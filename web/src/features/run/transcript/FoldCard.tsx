// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatDuration, plural } from '../../../base/format';
import { formatCost } from '../../../model/cost';
import { spansOf } from '../../../model/transcript';
import type { FoldItem } from '../../../model/transcriptFold';
import type { RunState } from '../useRunState';
import styles from './Transcript.module.css';

function holds(item: FoldItem, spanId: string | undefined): boolean {
  return spanId !== undefined && item.turns.some((turn) => spansOf(turn).includes(spanId));
}

/** Turns in which nothing happened but tools that worked, in one line that opens. */
export function FoldCard(props: {
  readonly item: FoldItem;
  readonly state: RunState;
  readonly children: () => ReactNode;
}) {
  const { item, state } = props;
  const [isWanted, setWanted] = useState(false);
  const isOpen = isWanted || holds(item, state.search.span);
  const tools = item.tools.map(([name, count]) => (count === 1 ? name : `${name} ×${count}`));
  const figures = [
    ...(item.seconds === undefined ? [] : [formatDuration(item.seconds)]),
    ...(item.cost.kind === 'nothing' ? [] : [formatCost(item.cost)]),
  ];
  if (isOpen) return props.children();
  return (
    <div className={styles.row}>
      <span className={styles.gutter}>
        <button type="button" className={styles.stop} data-stop="" onClick={() => setWanted(true)}>
          ⋯ {plural(item.turns.length, 'more turn')}
        </button>
      </span>
      <div className={styles.content}>
        <span className={styles.muted}>{tools.join(' · ')}</span>
      </div>
      <span className={styles.figures}>{figures.join(' · ')}</span>
    </div>
  );
}
