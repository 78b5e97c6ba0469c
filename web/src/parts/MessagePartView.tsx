// SPDX-License-Identifier: Apache-2.0

import { isBlank } from '../base/json';
import type { MessagePart } from '../model/message';
import { Fold } from '../ui/Fold';
import { Icon } from '../ui/Icon';
import { BodyView } from './BodyView';
import { MediaView } from './MediaView';
import styles from './MessagesView.module.css';
import { Prose } from './Prose';

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
        <Fold title="Reasoning">
          <Prose body={part.body} className={styles.reasoning} />
        </Fold>
      );
    case 'tool_call':
      return <ToolPart title="Call of" part={part} />;
    case 'tool_call_response':
      return <ToolPart title="Result of" part={part} />;
    case 'media':
      return <MediaView part={part} />;
    case 'other':
      return (
        <div className={styles.call}>
          <div className={styles.callHead}>{part.label}</div>
          <BodyView body={part.body} />
        </div>
      );
  }
}
