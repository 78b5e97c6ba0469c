// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { absent } from '../base/format';
import { diffWords } from '../base/wordDiff';
import styles from './WordDiff.module.css';

/** Two texts side by side; what only one of them has is marked. */
export function WordDiff(props: {
  readonly left: string;
  readonly right: string;
  readonly leftLabel: string;
  readonly rightLabel: string;
}) {
  const { left, right } = props;
  const pieces = useMemo(() => diffWords(left, right), [left, right]);
  const column = (side: 'left' | 'right', label: string, text: string) => (
    <div className={styles.side}>
      <h4>{label}</h4>
      <div className={styles.text} dir="auto">
        {text === '' && absent}
        {pieces
          .filter((piece) => piece.side === 'both' || piece.side === side)
          .map((piece, index) => {
            if (piece.side === 'both') return <span key={index}>{piece.text}</span>;
            return side === 'left' ? (
              <del key={index}>{piece.text}</del>
            ) : (
              <ins key={index}>{piece.text}</ins>
            );
          })}
      </div>
    </div>
  );
  return (
    <div className={styles.diff}>
      {column('left', props.leftLabel, left)}
      {column('right', props.rightLabel, right)}
    </div>
  );
}
