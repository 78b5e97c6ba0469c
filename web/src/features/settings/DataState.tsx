// SPDX-License-Identifier: Apache-2.0

import { useReadiness, useServerState } from '../../api/settingsQueries';
import { formatBytes, formatCount } from '../../base/format';
import type { ServerState } from '../../model/serverState';
import { AnswerOf } from '../../parts/AnswerOf';
import { FactList } from '../../ui/Facts';
import { StateMark } from '../../ui/Tag';
import { texts } from './texts';

function bytes(count: number | undefined): string {
  return count === undefined ? texts.unknown : formatBytes(count);
}

function count(value: number | undefined): string {
  return value === undefined ? texts.unknown : formatCount(value);
}

function Works(props: { readonly isFine: boolean | undefined; readonly no: string }) {
  if (props.isFine === undefined) return texts.unknown;
  return (
    <StateMark tone={props.isFine ? 'ok' : 'error'}>{props.isFine ? 'yes' : props.no}</StateMark>
  );
}

function factsOf(state: ServerState) {
  return [
    { label: 'On disk', value: bytes(state.diskBytes), title: 'Day folders; the journal is apart' },
    { label: 'Days', value: count(state.days) },
    { label: 'Runs', value: count(state.runs), title: 'In day folders' },
    { label: 'Spans', value: count(state.spans), title: 'In day folders' },
    {
      label: 'Not yet in a day',
      value: `${count(state.waitingRows)} rows, ${bytes(state.waitingBytes)}`,
      title: 'In the journal and in memory; nothing of it is lost when the server stops',
    },
    { label: 'Damaged or set aside', value: count(state.problems) },
    { label: 'Quarantined batches', value: count(state.quarantined) },
    {
      label: 'Journal can write',
      value: <Works isFine={state.isJournalWritable} no="no: is the disk full?" />,
    },
    {
      label: 'Days can be written',
      value: <Works isFine={state.isSealingFine} no="no: see the log of the server" />,
    },
  ];
}

/** How much there is, and whether more is taken. */
export function DataState() {
  const state = useServerState();
  const ready = useReadiness();
  return (
    <>
      <AnswerOf query={ready} what="whether telemetry is taken" lines={1}>
        {({ isReady, detail }) => (
          <p>
            <StateMark tone={isReady ? 'ok' : 'error'}>
              {isReady ? 'Telemetry is taken' : 'Telemetry is not taken now'}
            </StateMark>
            {detail !== undefined && ` ${detail}`}
          </p>
        )}
      </AnswerOf>
      <AnswerOf query={state} what="the state of the data" lines={9}>
        {(known) => <FactList facts={factsOf(known)} />}
      </AnswerOf>
    </>
  );
}
