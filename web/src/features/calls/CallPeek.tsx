// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useWholeCall } from '../../api/callQueries';
import type { WholeSpan } from '../../api/decodeTrace';
import { formatCount, formatDuration } from '../../base/format';
import { callId } from '../../model/call';
import type { Call } from '../../model/call';
import { AnswerOf } from '../../parts/AnswerOf';
import { BodyView } from '../../parts/BodyView';
import { CallCost, CallTokensText, kindNames } from '../../parts/callColumns';
import { GroupLink } from '../../parts/GroupLink';
import { KindIcon } from '../../parts/KindIcon';
import { CallsLink, RunLink, WorkflowLink } from '../../parts/links';
import { MessagesView } from '../../parts/MessagesView';
import { PeekDrawer } from '../../parts/PeekDrawer';
import { StatusMark } from '../../parts/StatusMark';
import { useAddress } from '../../parts/useAddress';
import type { Peek } from '../../parts/usePeek';
import { FactList } from '../../ui/Facts';
import { EmptyState } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import styles from './CallPeek.module.css';
import { texts } from './texts';

/** One call of the list, beside it: what it was asked, what came of it, and what it took. */
export function CallPeek(props: { readonly id: string; readonly peek: Peek<Call> }) {
  const { id, peek } = props;
  const { scope } = useAddress();
  const at = peek.rows.findIndex((call) => callId(call) === id);
  const call = peek.rows[at];
  const [traceId = '', spanId = ''] = id.split('.');
  return (
    <PeekDrawer
      title={call?.name ?? 'Call'}
      noun="call"
      at={at}
      peek={peek}
      actions={
        <Link to="/runs/$traceId" params={{ traceId }} search={{ ...scope, span: spanId }}>
          Open
        </Link>
      }
    >
      {call === undefined ? (
        <EmptyState title={texts.notInList} isCompact>
          {texts.notInListHint}
        </EmptyState>
      ) : (
        <PeekBody key={id} call={call} />
      )}
    </PeekDrawer>
  );
}

function PeekBody(props: { readonly call: Call }) {
  const { call } = props;
  const query = useWholeCall(call.traceId, call.spanId);
  return (
    <>
      <div className={styles.marks}>
        <KindIcon kind={call.kind} />
        {kindNames[call.kind]}
        <StatusMark status={call.status} />
      </div>
      <AnswerOf query={query} what="the call" lines={5}>
        {(whole) => <Said whole={whole} />}
      </AnswerOf>
      <CallFacts call={call} />
    </>
  );
}

function Part(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={props.title}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

/** The error first, then the answer, and what it is an answer to. */
function Said(props: { readonly whole: WholeSpan }) {
  const { span, detail } = props.whole;
  const { conversation, input, output } = detail;
  const lastInput = conversation?.input.at(-1);
  const error = span.errorMessage ?? span.errorType;
  return (
    <div className={styles.said}>
      {error !== undefined && (
        <Part title="Error">
          <p dir="auto" className={styles.failed}>
            {error}
          </p>
        </Part>
      )}
      {conversation !== undefined && conversation.output.length > 0 && (
        <Part title="Answer">
          <MessagesView messages={conversation.output} isOutput />
        </Part>
      )}
      {output !== undefined && (
        <Part title="Result">
          <BodyView body={output} />
        </Part>
      )}
      {lastInput !== undefined && (
        <Part title="Last message before it">
          <MessagesView messages={[lastInput]} />
        </Part>
      )}
      {input !== undefined && (
        <Part title="Asked">
          <BodyView body={input} />
        </Part>
      )}
    </div>
  );
}

function CallFacts(props: { readonly call: Call }) {
  const { call } = props;
  const { scope } = useAddress();
  const clock = useClock();
  const { model, agent, sessionId, userId, workflowId, tokens } = call;
  return (
    <div className={styles.facts}>
      <FactList
        facts={[
          {
            label: 'Run',
            value: (
              <RunLink traceId={call.traceId} search={scope}>
                {call.traceId.slice(0, 8)}
              </RunLink>
            ),
            title: call.traceId,
          },
          { label: 'Started', value: clock.moment(call.startNs), title: clock.exact(call.startNs) },
          { label: 'Duration', value: formatDuration(call.durationSeconds) },
          { label: 'Cost', value: <CallCost call={call} /> },
          { label: 'Tokens in', value: <CallTokensText call={call} count={tokens?.input} /> },
          {
            label: 'From a cache',
            value: tokens && tokens.cacheRead > 0 ? formatCount(tokens.cacheRead) : undefined,
          },
          { label: 'Tokens out', value: <CallTokensText call={call} count={tokens?.output} /> },
          {
            label: 'Model',
            value: model && (
              <CallsLink search={{ ...scope, model, kind: call.kind }}>
                <bdi>{model}</bdi>
              </CallsLink>
            ),
          },
          {
            label: 'Agent',
            value: agent && (
              <CallsLink search={{ ...scope, agent, kind: call.kind }}>
                <bdi>{agent}</bdi>
              </CallsLink>
            ),
          },
          {
            label: 'Workflow',
            value: workflowId && <WorkflowLink name={workflowId} search={scope} />,
          },
          { label: 'Session', value: sessionId && <GroupLink kind="session" id={sessionId} /> },
          { label: 'User', value: userId && <GroupLink kind="user" id={userId} /> },
          { label: 'Service', value: call.service && <bdi>{call.service}</bdi> },
        ]}
      />
    </div>
  );
}
