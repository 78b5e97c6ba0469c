// SPDX-License-Identifier: Apache-2.0

import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { plural } from '../base/format';
import { prettyText, splitJsonText } from '../base/jsonText';
import { Button } from './Button';
import styles from './CodeView.module.css';
import { CopyButton } from './CopyButton';

const shownAtFirst = 6000;
const linesAtFirst = 60;

/** Where the text is cut at first: pages scroll, and not the boxes in them. */
function beginningOf(text: string): string {
  let end = -1;
  for (let line = 0; line < linesAtFirst; line++) {
    end = text.indexOf('\n', end + 1);
    if (end < 0) return text.slice(0, shownAtFirst);
  }
  return text.slice(0, Math.min(end, shownAtFirst));
}

/** A value as coloured, indented JSON, or text as it is; long ones open on demand. */
export function CodeView(props: { readonly value: unknown; readonly footer?: ReactNode }) {
  const [isWhole, setWhole] = useState(false);
  const text = useMemo(() => prettyText(props.value), [props.value]);
  const beginning = useMemo(() => beginningOf(text), [text]);
  const isCut = beginning.length < text.length && !isWhole;
  const shown = isCut ? beginning : text;
  const isJson = typeof props.value !== 'string';
  const pieces = useMemo(() => (isJson ? splitJsonText(shown) : undefined), [isJson, shown]);
  return (
    <div className={styles.view}>
      <pre className={styles.code} tabIndex={0} dir="auto">
        {pieces?.map((piece, index) => (
          <span key={index} className={styles[piece.kind]}>
            {piece.text}
          </span>
        )) ?? shown}
        {isCut && '…'}
      </pre>
      <CopyButton className={styles.copy} label="Copy" text={text} />
      {isCut && (
        <div className={styles.more}>
          {plural(text.length - beginning.length, 'more character')}
          <Button fit="small" look="quiet" onClick={() => setWhole(true)}>
            Show all
          </Button>
        </div>
      )}
      {props.footer !== undefined && <div className={styles.more}>{props.footer}</div>}
    </div>
  );
}
