// SPDX-License-Identifier: Apache-2.0

import { plural } from '../../../base/format';
import type { MessagePart } from '../../../model/message';
import type { Span } from '../../../model/span';
import type { CallEntry } from '../../../model/transcript';
import { MessagePartView } from '../../../parts/MessagePartView';
import { Prose } from '../../../parts/Prose';
import { Fold } from '../../../ui/Fold';
import type { RunState } from '../useRunState';
import { figuresOf, Row } from './Row';
import styles from './Transcript.module.css';

function attemptsText(attempts: readonly Span[]): string {
  const reasons = [
    ...new Set(attempts.map((span) => span.errorType ?? span.errorMessage?.split('\n', 1)[0])),
  ].filter((reason) => reason !== undefined);
  const why = reasons.length === 0 ? '' : `: ${reasons.join(', ')}`;
  return `${plural(attempts.length, 'failed attempt')} before it${why}`;
}

/** What the model said in one turn. */
export function TurnCard(props: { readonly entry: CallEntry; readonly state: RunState }) {
  const { entry, state } = props;
  const { span, attempts, turn } = entry;
  const parts = entry.output.flatMap((message) => message.parts);
  const said = parts.filter((part) => part.type !== 'tool_call' && part.type !== 'reasoning');
  const reasoning = parts.filter((part) => part.type === 'reasoning');
  const isFailed = span.status === 'failed';
  return (
    <Row
      state={state}
      span={span}
      mark={String(turn)}
      label={`turn ${turn}, ${span.title}`}
      figures={figuresOf(span)}
    >
      <div className={styles.turn} data-status={span.status}>
        {attempts.length > 0 && <p className={styles.muted}>{attemptsText(attempts)}</p>}
        {entry.isRewritten && (
          <p className={styles.muted}>The history before it was cut or summed up.</p>
        )}
        {reasoning.length > 0 && <Reasoning parts={reasoning} />}
        {said.map((part, index) => (
          <MessagePartView key={index} part={part} />
        ))}
        {isFailed && (
          <p className={styles.error} dir="auto">
            {span.errorMessage ?? span.errorType ?? 'failed without a message'}
          </p>
        )}
        {!isFailed && said.length === 0 && reasoning.length === 0 && (
          <p className={styles.muted}>{silence(entry)}</p>
        )}
      </div>
    </Row>
  );
}

/** What stands where nothing was said. */
function silence({ span, tools, output }: CallEntry): string {
  if (span.endNs === undefined) return `${span.title} is answering…`;
  if (tools.length > 0) return span.title;
  return output.length > 0
    ? `${span.title} said nothing`
    : `${span.title}: its answer was not sent`;
}

/** One line that opens. */
function Reasoning({ parts }: { readonly parts: readonly MessagePart[] }) {
  return (
    <Fold title="reasoning">
      {parts.map(
        (part, index) =>
          part.type === 'reasoning' && (
            <Prose key={index} body={part.body} className={styles.reasoning} />
          ),
      )}
    </Fold>
  );
}
