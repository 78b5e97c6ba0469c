// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { plural } from '../base/format';
import { isBlank } from '../base/json';
import { prettyText } from '../base/jsonText';
import type { Body, MessagePart } from '../model/message';
import { Button } from '../ui/Button';
import { classNames } from '../ui/classNames';
import { Icon } from '../ui/Icon';
import { BodyView } from './BodyView';
import styles from './MessagesView.module.css';

const shownAtFirst = 4_000;

function Prose(props: { readonly body: Body; readonly className?: string | undefined }) {
  const { body, className } = props;
  const [isWhole, setWhole] = useState(false);
  if (body.kind === 'cut') return <BodyView body={body} />;
  const text = prettyText(body.value);
  const isCut = text.length > shownAtFirst && !isWhole;
  return (
    <>
      <div className={classNames(styles.text, className)} dir="auto">
        {isCut ? `${text.slice(0, shownAtFirst)}…` : text}
      </div>
      {isCut && (
        <Button fit="small" className={styles.more} onClick={() => setWhole(true)}>
          Show {plural(text.length - shownAtFirst, 'more character')}
        </Button>
      )}
    </>
  );
}

function ToolPart(props: {
  readonly title: string;
  readonly part: MessagePart & { readonly type: 'tool_call' | 'tool_call_response' };
}) {
  const { title, part } = props;
  const isEmpty = part.body.kind === 'inline' && isBlank(part.body.value);
  return (
    <div className={styles.call}>
      <div className={styles.callHead}>
        <Icon name="tool" size={12} />
        <span>{title}</span>
        {part.name !== undefined && <code className={styles.callName}>{part.name}</code>}
        {part.id !== undefined && (
          <code className={styles.callId} title={`Call ${part.id}`}>
            {part.id}
          </code>
        )}
      </div>
      {!isEmpty && <BodyView body={part.body} />}
    </div>
  );
}

export function MessagePartView(props: { readonly part: MessagePart }) {
  const { part } = props;
  switch (part.type) {
    case 'text':
      return <Prose body={part.body} />;
    case 'reasoning':
      return (
        <details className={styles.fold}>
          <summary>Reasoning</summary>
          <Prose body={part.body} className={styles.reasoning} />
        </details>
      );
    case 'tool_call':
      return <ToolPart title="Call of" part={part} />;
    case 'tool_call_response':
      return <ToolPart title="Result of" part={part} />;
    case 'media':
      return (
        <div className={styles.text}>
          [{part.modality}
          {part.mimeType === undefined ? '' : `, ${part.mimeType}`}] {part.source}
        </div>
      );
    case 'other':
      return (
        <div className={styles.call}>
          <div className={styles.callHead}>{part.label}</div>
          <BodyView body={part.body} />
        </div>
      );
  }
}
