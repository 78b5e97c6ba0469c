// SPDX-License-Identifier: Apache-2.0

import type { ThreadItem } from '../../../model/transcript';
import { MessagePartView } from '../../../parts/MessagePartView';
import { Fold } from '../../../ui/Fold';
import styles from './Transcript.module.css';

/** What the agent was told: its task, or what a person said later. */
export function InputCard(props: { readonly item: ThreadItem & { readonly kind: 'input' } }) {
  const { item } = props;
  return (
    <div className={styles.row}>
      <span className={styles.gutter}>{item.isTask ? 'task' : ''}</span>
      <div className={styles.content}>
        {item.system.length > 0 && (
          <Fold title={item.isTask ? 'System prompt' : 'A new system prompt'}>
            {item.system.map((part, index) => (
              <MessagePartView key={index} part={part} />
            ))}
          </Fold>
        )}
        {item.messages.map((message, index) => (
          <div key={index} className={styles.input} data-role={message.role}>
            {(!item.isTask || message.role !== 'user') && (
              <span className={styles.role}>{message.role}</span>
            )}
            {message.parts.map((part, place) => (
              <MessagePartView key={place} part={part} />
            ))}
          </div>
        ))}
      </div>
      <span className={styles.figures} />
    </div>
  );
}
