// SPDX-License-Identifier: Apache-2.0

import type { WholeSpan } from '../../api/decodeTrace';
import { plural } from '../../base/format';
import type { Body } from '../../model/message';
import type { LogLine } from '../../model/run';
import { ValueView } from '../../parts/BodyView';
import { Fold } from '../../ui/Fold';
import { AttributesView, EventsView, LinksView } from './SpanLists';

const parameterKey =
  /^(?:gen_ai\.request\.|llm\.request\.|llm\.invocation_parameters|ai\.settings\.|gen_ai\.openai\.request)/;

/** What a model was called with besides messages. */
function parametersOf(
  attributes: readonly (readonly [key: string, body: Body])[],
): readonly (readonly [key: string, body: Body])[] {
  return attributes.filter(([key]) => parameterKey.test(key) && !/messages|prompt/.test(key));
}

/** The machinery behind a span, each part folded away until it is asked for. */
export function SpanFolds(props: {
  readonly whole: WholeSpan | undefined;
  readonly lines: readonly LogLine[];
  readonly startNs: bigint | undefined;
}) {
  const { whole, lines, startNs } = props;
  const detail = whole?.detail;
  const parameters = parametersOf(detail?.attributes ?? []);
  const happenings = (detail?.events.length ?? 0) + lines.length;
  return (
    <>
      {parameters.length > 0 && (
        <Fold title="Parameters" note={String(parameters.length)} testId="parameters">
          <AttributesView attributes={parameters} unmapped={new Set()} />
        </Fold>
      )}
      {detail !== undefined && (
        <Fold title="Attributes" note={String(detail.attributes.length)} testId="attributes">
          <AttributesView attributes={detail.attributes} unmapped={detail.unmapped} canFilter />
        </Fold>
      )}
      {happenings > 0 && (
        <Fold title="Events and logs" note={String(happenings)} testId="events">
          <EventsView events={detail?.events ?? []} logs={lines} startNs={startNs} />
        </Fold>
      )}
      {detail !== undefined && detail.links.length > 0 && (
        <Fold title="Links" note={plural(detail.links.length, 'span')} testId="links">
          <LinksView links={detail.links} />
        </Fold>
      )}
      {whole !== undefined && (
        <Fold title="Raw JSON" testId="raw">
          <ValueView value={whole.raw} />
        </Fold>
      )}
    </>
  );
}
