// SPDX-License-Identifier: Apache-2.0

import { useRunLogs, useSpan } from '../../api/runQueries';
import type { WholeSpan } from '../../api/decodeTrace';
import { agentAbove, pathTo } from '../../model/agentThread';
import type { LogLine } from '../../model/run';
import { awaitedExplanation, explainParentMissing, markWarnings } from '../../model/span';
import { isOver } from '../../model/status';
import type { SpanNode } from '../../model/spanTree';
import type { TextMode } from '../../parts/textMode';
import { KindIcon } from '../../parts/KindIcon';
import { Button } from '../../ui/Button';
import { useCommand } from '../../ui/commands';
import { CopyMenu } from '../../ui/CopyMenu';
import { Icon } from '../../ui/Icon';
import { ErrorNotice } from '../../ui/Notice';
import { copyItems } from './copyItems';
import { Judgements } from './judge/Judgements';
import styles from './Panel.module.css';
import { SpanConversation } from './SpanConversation';
import { SpanFacts, SpanSums, UsageBar } from './SpanFacts';
import { SpanFailure } from './SpanFailure';
import { SpanFolds } from './SpanFolds';
import type { RunState } from './useRunState';

export interface SpanPanelProps {
  readonly state: RunState;
  readonly node: SpanNode;
  readonly traceId: string;
  readonly mode: TextMode;
  readonly onMode: (mode: TextMode) => void;
}

/** Everything about the selected span, in one scroll: what went wrong, what was said, and then the rest. */
export function SpanPanel(props: SpanPanelProps) {
  const { state, node, traceId, mode, onMode } = props;
  const { span } = node;
  const query = useSpan(traceId, span);
  const logs = useRunLogs(traceId, {
    spanId: span.id,
    isEnded: isOver(state.view.run.status),
  });
  const lines = logs.data?.pages.flatMap((page) => page.lines) ?? [];
  const close = (): void => state.select(undefined);
  useCommand({ id: 'close details', title: 'Close the details', key: 'Escape', run: close });
  const nextMode = mode === 'raw' ? 'shown' : 'raw';
  useCommand({
    id: 'text mode',
    title: mode === 'raw' ? 'Show texts as they are meant' : 'Show texts as they were sent',
    key: 'r',
    run: () => onMode(nextMode),
  });
  return (
    <>
      <div className={styles.head}>
        <KindIcon kind={span.kind} />
        <h2 className={styles.title} title={span.name} dir="auto">
          {span.title}
        </h2>
        <CopyMenu
          label="Copy this span"
          items={copyItems(span, query.data)}
          direct={{ id: 'openai', face: 'Copy prompt' }}
        />
        <Button
          fit="small"
          look="quiet"
          aria-pressed={mode === 'raw'}
          title="Texts as they were sent (R)"
          onClick={() => onMode(nextMode)}
        >
          Raw
        </Button>
        <Button
          fit="icon"
          look="quiet"
          aria-label="Close details"
          title="Close (Esc)"
          onClick={close}
        >
          <Icon name="close" />
        </Button>
      </div>
      <div className={styles.body} data-testid="span-panel">
        <div className={styles.sections}>
          <Path state={state} />
          <Notes node={node} whole={query.data} />
          <SpanFailure span={span} detail={query.data?.detail} />
          <UsageBar span={span} detail={query.data?.detail} />
          <SpanSums node={node} />
          {query.isError && (
            <ErrorNotice
              message={`Cannot load messages and attributes: ${query.error.message}`}
              onRetry={() => void query.refetch()}
            />
          )}
          {query.isLoading && <p className={styles.reading}>Loading messages and attributes…</p>}
          <PanelRest {...props} whole={query.data} lines={lines} />
          <Judgements state={state} spanId={span.id} />
          {logs.isError && (
            <ErrorNotice
              message={`Cannot load log lines: ${logs.error.message}`}
              onRetry={() => void logs.refetch()}
            />
          )}
        </div>
      </div>
    </>
  );
}

function PanelRest(
  props: SpanPanelProps & {
    readonly whole: WholeSpan | undefined;
    readonly lines: readonly LogLine[];
  },
) {
  const { state, node, whole, traceId } = props;
  return (
    <>
      {whole !== undefined && (
        <SpanConversation
          state={state}
          row={state.selectedRow}
          traceId={traceId}
          kind={node.span.kind}
          detail={whole.detail}
        />
      )}
      <SpanFacts state={state} span={node.span} detail={whole?.detail} />
      <SpanFolds whole={whole} lines={props.lines} startNs={node.span.startNs} />
    </>
  );
}

/** Where the span stands: the agents and steps above it. */
function Path({ state }: { readonly state: RunState }) {
  const { tree } = state.view;
  const above = pathTo(tree, state.selectedRow).slice(0, -1);
  if (above.length === 0) return undefined;
  const agent = agentAbove(tree, state.selectedRow);
  // Of a deep path the root, the agent and the parent.
  const shown =
    above.length <= 4
      ? above
      : [...new Set([above[0] ?? -1, agent, above.at(-1) ?? -1])].filter((row) => row >= 0);
  return (
    <nav className={styles.path} aria-label="Above this span">
      {shown.map((row) => {
        const node = tree.nodes[row];
        if (node === undefined) return undefined;
        return (
          <button
            key={node.span.id}
            type="button"
            dir="auto"
            onClick={() => state.select(node.span.id)}
          >
            {node.span.title}
          </button>
        );
      })}
    </nav>
  );
}

function Notes(props: { readonly node: SpanNode; readonly whole: WholeSpan | undefined }) {
  const { node, whole } = props;
  const notes = [...markWarnings(whole?.detail.marks ?? [])];
  if (node.orphan !== undefined) notes.unshift(explainParentMissing(node.orphan));
  if (node.span.knownFrom === 'children') notes.unshift(awaitedExplanation);
  if (notes.length === 0) return undefined;
  return (
    <ul className={styles.notes}>
      {notes.map((note) => (
        <li key={note}>
          <Icon name="alert" size={13} />
          {note}
        </li>
      ))}
    </ul>
  );
}
