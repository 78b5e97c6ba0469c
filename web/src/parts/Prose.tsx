// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { plural } from '../base/format';
import { prettyText } from '../base/jsonText';
import { looksLikeMarkdown } from '../base/markdown';
import type { Body } from '../model/message';
import { Button } from '../ui/Button';
import { classNames } from '../ui/classNames';
import { Markdown } from '../ui/Markdown';
import { BodyView } from './BodyView';
import styles from './MessagesView.module.css';
import { useTextMode } from './textMode';

const shownAtFirst = 6000;
const linesAtFirst = 200;
/** Longer texts are quicker read, and drawn, as they are. */
const longestMarkdown = 60_000;

/** The beginning of a long text, up to the end of a line where there is one near. */
function beginningOf(text: string): string {
  let end = -1;
  for (let line = 0; line < linesAtFirst; line++) {
    end = text.indexOf('\n', end + 1);
    if (end < 0) break;
  }
  const most = Math.min(end < 0 ? text.length : end, shownAtFirst);
  return text.slice(0, most);
}

export function ProseText(props: {
  readonly text: string;
  readonly className?: string | undefined;
}) {
  const { text, className } = props;
  const [isWhole, setWhole] = useState(false);
  const mode = useTextMode();
  const beginning = beginningOf(text);
  const isCut = beginning.length < text.length && !isWhole;
  const shown = isCut ? beginning : text;
  const isMarkdown =
    mode === 'shown' && shown.length <= longestMarkdown && looksLikeMarkdown(shown);
  return (
    <div className={classNames(styles.prose, className)}>
      {isMarkdown ? (
        <Markdown text={shown} />
      ) : (
        <div className={styles.text} dir="auto">
          {shown}
        </div>
      )}
      {isCut && (
        <Button fit="small" className={styles.more} onClick={() => setWhole(true)}>
          Show {plural(text.length - beginning.length, 'more character')}
        </Button>
      )}
    </div>
  );
}

/** What was said: Markdown where it is some, else as it is. */
export function Prose(props: { readonly body: Body; readonly className?: string | undefined }) {
  const { body } = props;
  if (body.kind === 'cut') return <BodyView body={body} isProse />;
  return <ProseText text={prettyText(body.value)} className={props.className} />;
}
