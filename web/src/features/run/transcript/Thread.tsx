// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import type { ThreadItem, Transcript } from '../../../model/transcript';
import { foldTurns } from '../../../model/transcriptFold';
import type { FoldItem } from '../../../model/transcriptFold';
import { EmptyState } from '../../../ui/Notice';
import type { RunState } from '../useRunState';
import { AgentCard } from './AgentCard';
import { FoldCard } from './FoldCard';
import { InputCard } from './InputCard';
import { NoteLine } from './NoteLine';
import { ToolCard } from './ToolCard';
import styles from './Transcript.module.css';
import { TurnCard } from './TurnCard';

export interface ThreadProps {
  readonly state: RunState;
  readonly transcript: Transcript;
  /** Agents that the selected span is inside of. */
  readonly around: ReadonlySet<number>;
  /** Whose thread it is. */
  readonly agent: number;
}

/** What one agent was told, said and did. */
export function Thread(props: ThreadProps) {
  const { transcript, agent } = props;
  const thread = transcript.threads.get(agent);
  const items = useMemo(() => foldTurns(thread ?? []), [thread]);
  if (items.length === 0) {
    return transcript.entries < transcript.total ? (
      <p className={styles.muted}>Its turns come further below.</p>
    ) : (
      <EmptyState title="No model call or tool of it has been told of" isCompact />
    );
  }
  return (
    <div className={styles.thread}>
      {items.map((item) => (
        <Item key={item.key} {...props} item={item} />
      ))}
    </div>
  );
}

function Item(props: ThreadProps & { readonly item: ThreadItem | FoldItem }) {
  const { item, state, transcript, around } = props;
  switch (item.kind) {
    case 'input':
      return <InputCard item={item} />;
    case 'turn':
      return <Turn {...props} item={item} />;
    case 'tool':
      return <ToolCard tool={item.tool} state={state} />;
    case 'note':
      return <NoteLine span={item.span} state={state} />;
    case 'agent':
      return (
        <AgentCard
          agent={item.agent}
          state={state}
          // Below the run itself agents are what there is to read; below an agent they are a step.
          isTop={item.agent.worksFor === 0}
          isAround={around.has(item.agent.agent)}
        >
          {() => (
            <Thread
              state={state}
              transcript={transcript}
              around={around}
              agent={item.agent.agent}
            />
          )}
        </AgentCard>
      );
    case 'fold':
      return (
        <FoldCard item={item} state={state}>
          {() => item.turns.map((turn) => <Turn key={turn.key} {...props} item={turn} />)}
        </FoldCard>
      );
  }
}

function Turn(props: ThreadProps & { readonly item: ThreadItem & { readonly kind: 'turn' } }) {
  const { item, state } = props;
  const { entry } = item;
  return (
    <>
      <TurnCard entry={entry} state={state} />
      {entry.tools.map((tool, index) => (
        <ToolCard key={tool.span?.id ?? index} tool={tool} state={state} />
      ))}
    </>
  );
}
