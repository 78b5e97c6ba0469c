// SPDX-License-Identifier: Apache-2.0

import { plainText } from '../model/message';
import type { Message } from '../model/message';
import { CopyButton } from '../ui/CopyButton';
import { Tag } from '../ui/Tag';
import { MessagePartView } from './MessagePartView';
import styles from './MessagesView.module.css';

function MessageCard(props: { readonly message: Message; readonly isOutput: boolean }) {
  const { message, isOutput } = props;
  const { role, name, parts, finishReason } = message;
  return (
    <li className={styles.message} data-role={role} data-output={isOutput}>
      <div className={styles.head}>
        <span className={styles.role}>{role}</span>
        {name !== undefined && <span>{name}</span>}
        <span className={styles.push}>
          {finishReason !== undefined && <Tag title="Why the model stopped">{finishReason}</Tag>}
          {parts.length > 0 && (
            <CopyButton
              label={`Copy this message of ${role}`}
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

/** Messages one below the other. */
export function MessagesView(props: {
  readonly messages: readonly Message[];
  readonly isOutput?: boolean;
}) {
  return (
    <ol className={styles.list}>
      {props.messages.map((message, index) => (
        <MessageCard key={index} message={message} isOutput={props.isOutput ?? false} />
      ))}
    </ol>
  );
}
