// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import { plural } from '../base/format';
import { isArray } from '../base/json';
import { plainText } from '../model/message';
import type { Body, Conversation, Message, MessagePart } from '../model/message';
import { Button } from '../ui/Button';
import { CopyButton } from '../ui/CopyButton';
import { Tag } from '../ui/Tag';
import { BodyView } from './BodyView';
import { MessagePartView } from './MessagePartView';
import styles from './MessagesView.module.css';

/** A long history repeats what earlier calls show; its end is what this call was about. */
const historyShown = 6;

interface CardProps {
  readonly speaker: string;
  readonly name?: string | undefined;
  readonly parts: readonly MessagePart[];
  readonly finishReason?: string | undefined;
  readonly isOutput?: boolean;
}

function MessageCard(props: CardProps) {
  const { speaker, name, parts, finishReason, isOutput = false } = props;
  return (
    <li className={styles.message} data-role={speaker} data-output={isOutput}>
      <div className={styles.head}>
        <span className={styles.role}>{speaker}</span>
        {name !== undefined && <span>{name}</span>}
        <span className={styles.push}>
          {finishReason !== undefined && <Tag title="Why the model stopped">{finishReason}</Tag>}
          {parts.length > 0 && (
            <CopyButton
              label={`Copy this message of ${speaker}`}
              className={styles.copy}
              text={() => plainText(parts)}
            />
          )}
        </span>
      </div>
      {parts.length === 0 && <span className={styles.head}>no content</span>}
      {parts.map((part, index) => (
        <MessagePartView key={index} part={part} />
      ))}
    </li>
  );
}

function toCard(message: Message, index: number, isOutput: boolean): ReactNode {
  return <MessageCard key={index} {...message} speaker={message.role} isOutput={isOutput} />;
}

function toolCount(tools: Body): string {
  return tools.kind === 'inline' && isArray(tools.value)
    ? plural(tools.value.length, 'tool')
    : 'Tools';
}

/** What the model was told and what it answered, as a chat. */
export function MessagesView(props: { readonly conversation: Conversation }) {
  const { system, input, output, tools } = props.conversation;
  const [isWhole, setWhole] = useState(false);
  const hidden = isWhole ? 0 : Math.max(0, input.length - historyShown);
  return (
    <ol className={styles.list} data-testid="messages">
      {system.length > 0 && <MessageCard speaker="system" name="instructions" parts={system} />}
      {tools !== undefined && (
        <li>
          <details className={styles.fold}>
            <summary>{toolCount(tools)} offered to the model</summary>
            <BodyView body={tools} />
          </details>
        </li>
      )}
      {hidden > 0 && (
        <li>
          <Button fit="small" onClick={() => setWhole(true)}>
            Show {plural(hidden, 'earlier message')}
          </Button>
        </li>
      )}
      {input.slice(hidden).map((message, index) => toCard(message, hidden + index, false))}
      {output.length > 0 && <li className={styles.divider}>Answer</li>}
      {output.map((message, index) => toCard(message, input.length + index, true))}
    </ol>
  );
}
