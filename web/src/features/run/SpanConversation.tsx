// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { useSpan } from '../../api/runQueries';
import { formatBytes, plural } from '../../base/format';
import { isArray } from '../../base/json';
import { callsBefore } from '../../model/agentThread';
import { plainText } from '../../model/message';
import type { Body, Conversation, SpanDetail } from '../../model/message';
import type { SpanKind } from '../../model/span';
import { contentOf } from '../../model/turnDiff';
import { BodyView } from '../../parts/BodyView';
import { MessagePartView } from '../../parts/MessagePartView';
import { MessagesView } from '../../parts/MessagesView';
import { Fold } from '../../ui/Fold';
import styles from './Panel.module.css';
import type { RunState } from './useRunState';

function Section(props: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly testId?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.section} data-testid={props.testId}>
      <h3>
        {props.title}
        {props.note !== undefined && <span className={styles.offset}>{props.note}</span>}
      </h3>
      {props.children}
    </section>
  );
}

interface ConversationProps {
  readonly state: RunState;
  readonly row: number;
  readonly traceId: string;
  readonly detail: SpanDetail;
}

/** What was said or done, the newest first: the answer, what it was an answer to, and then what went before. */
export function SpanConversation(props: ConversationProps & { readonly kind: SpanKind }) {
  const { kind, detail } = props;
  const { conversation, input, output } = detail;
  const names = namesOf(kind);
  return (
    <>
      {conversation !== undefined && <Call {...props} conversation={conversation} />}
      {output !== undefined && (
        <Section title={names.output}>
          <BodyView body={output} />
        </Section>
      )}
      {input !== undefined && (
        <Section title={names.input}>
          <BodyView body={input} />
        </Section>
      )}
    </>
  );
}

function namesOf(kind: SpanKind): { readonly input: string; readonly output: string } {
  if (kind === 'tool') return { input: 'Arguments', output: 'Result' };
  if (kind === 'retriever' || kind === 'reranker') return { input: 'Query', output: 'Documents' };
  if (kind === 'agent' || kind === 'workflow') return { input: 'Task', output: 'Result' };
  return { input: 'Input', output: 'Output' };
}

function Call(props: ConversationProps & { readonly conversation: Conversation }) {
  const { state, row, traceId, conversation } = props;
  const { tree } = state.view;
  const calls = callsBefore(tree, row);
  const before = tree.nodes[calls.at(-1) ?? -1]?.span;
  const query = useSpan(traceId, before);
  const earlier = query.data?.detail.conversation;
  const isReading = before !== undefined && query.isLoading;
  const content = contentOf(conversation, earlier === undefined ? [] : [earlier]);
  const { history, newInput, isRewritten } = content;
  const { output } = conversation;
  const finish = output
    .map((message) => message.finishReason)
    .find((reason) => reason !== undefined);
  const newTitle = history > 0 ? `New since turn ${calls.length}` : 'Input';
  return (
    <div className={styles.sections} data-testid="messages">
      {output.length > 0 && (
        <Section title="Answer" note={finish === undefined ? undefined : `finish: ${finish}`}>
          <MessagesView messages={output} isOutput />
        </Section>
      )}
      {!isReading && (newInput.length > 0 || conversation.input.length > 0) && (
        <Section title={newTitle} note={plural(newInput.length, 'message')}>
          {isRewritten && (
            <p className={styles.offset}>The history before it was cut or summed up.</p>
          )}
          {newInput.length === 0 && (
            <p className={styles.offset}>Nothing: the same was asked before.</p>
          )}
          <MessagesView messages={newInput} />
        </Section>
      )}
      {history > 0 && (
        <Fold title="History" note={plural(history, 'message')} testId="history">
          <MessagesView messages={conversation.input.slice(0, history)} />
        </Fold>
      )}
      <Instructions conversation={conversation} />
    </div>
  );
}

function toolCount(tools: Body): string | undefined {
  return tools.kind === 'inline' && isArray(tools.value)
    ? plural(tools.value.length, 'tool')
    : undefined;
}

/** What the model was told once and for all. */
export function Instructions({ conversation }: { readonly conversation: Conversation }) {
  const { system, tools } = conversation;
  return (
    <>
      {system.length > 0 && (
        <Fold
          title="System prompt"
          note={formatBytes(new TextEncoder().encode(plainText(system)).length)}
        >
          {system.map((part, index) => (
            <MessagePartView key={index} part={part} />
          ))}
        </Fold>
      )}
      {tools !== undefined && (
        <Fold title="Tools offered" note={toolCount(tools)}>
          <BodyView body={tools} />
        </Fold>
      )}
    </>
  );
}
