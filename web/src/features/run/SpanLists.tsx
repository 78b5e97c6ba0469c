// SPDX-License-Identifier: Apache-2.0
// The lists of a span's drawer: attributes, events with logs, links.

import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { formatDuration } from '../../base/format';
import { isBlank, isObject } from '../../base/json';
import { prettyText } from '../../base/jsonText';
import { secondsBetween } from '../../base/time';
import type { Body, SpanDetail, SpanEvent, SpanLink } from '../../model/message';
import type { LogLine } from '../../model/run';
import { CodeView } from '../../ui/CodeView';
import { EmptyState } from '../../ui/Notice';
import { Tag } from '../../ui/Tag';
import type { Tone } from '../../ui/Tag';
import { TextField } from '../../ui/TextField';
import { useClock } from '../../ui/useClock';
import { BodyView } from '../../parts/BodyView';
import styles from './Panel.module.css';

/** Values of this length or more get a box of their own. */
const longValue = 300;
/** Fewer are read faster than searched. */
const filterFrom = 8;

function AttributeValue(props: { readonly body: Body }) {
  const { body } = props;
  if (body.kind === 'cut') return <BodyView body={body} />;
  const text = prettyText(body.value);
  return text.length >= longValue ? <BodyView body={body} /> : text;
}

/** Attributes by name; many of them can be narrowed down. */
export function AttributesView(props: {
  readonly attributes: SpanDetail['attributes'];
  readonly unmapped: ReadonlySet<string>;
  readonly canFilter?: boolean;
}) {
  const { attributes, unmapped, canFilter = false } = props;
  const [words, setWords] = useState('');
  if (attributes.length === 0) return <EmptyState title="No attributes" isCompact />;
  const wanted = words.trim().toLowerCase();
  const shown = attributes.filter(
    ([key, body]) =>
      wanted === '' ||
      key.toLowerCase().includes(wanted) ||
      (body.kind === 'inline' && prettyText(body.value).toLowerCase().includes(wanted)),
  );
  return (
    <>
      {canFilter && attributes.length > filterFrom && (
        <TextField label="Filter attributes" icon="search" value={words} onChange={setWords} />
      )}
      {shown.length === 0 && <EmptyState title={`No attribute has “${words}”`} isCompact />}
      {shown.length > 0 && (
        <table className={styles.table}>
          <caption className="visually-hidden">Attributes as sent</caption>
          <tbody>
            {shown.map(([key, body]) => (
              <tr key={key}>
                <th scope="row">
                  {key}{' '}
                  {unmapped.has(key) && (
                    <Tag title="No rule maps this key; it is kept as sent">unmapped</Tag>
                  )}
                </th>
                <td>
                  <AttributeValue body={body} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

interface Happening {
  readonly timeNs: bigint | undefined;
  readonly label: string;
  readonly level: string | undefined;
  readonly data: unknown;
}

export function levelTone(level: string): Tone {
  const word = level.toLowerCase();
  if (word.startsWith('err') || word.startsWith('fatal') || word.startsWith('crit')) return 'error';
  return word.startsWith('warn') ? 'warn' : 'quiet';
}

function happeningsOf(
  spanEvents: readonly SpanEvent[],
  logs: readonly LogLine[],
): readonly Happening[] {
  const events = spanEvents.map((event) => ({
    timeNs: event.timeNs,
    label: event.name,
    level: undefined,
    data: event.attributes,
  }));
  const lines = logs.map((log) => ({
    timeNs: log.timeNs,
    label: log.message,
    level: log.level,
    data: log.metadata,
  }));
  return [...events, ...lines].sort((left, right) => {
    if (left.timeNs === right.timeNs) return 0;
    if (left.timeNs === undefined) return 1;
    if (right.timeNs === undefined) return -1;
    return left.timeNs < right.timeNs ? -1 : 1;
  });
}

/** Events and log lines in order of time, each with its distance from the start. */
export function EventsView(props: {
  readonly events: readonly SpanEvent[];
  readonly logs: readonly LogLine[];
  readonly startNs: bigint | undefined;
}) {
  const { events, logs, startNs } = props;
  const clock = useClock();
  const happenings = happeningsOf(events, logs);
  if (happenings.length === 0) return <EmptyState title="No events or logs" isCompact />;
  return (
    <ol className={styles.items}>
      {happenings.map((item, index) => (
        <li key={index} className={styles.item}>
          <div className={styles.itemHead}>
            {item.level !== undefined && <Tag tone={levelTone(item.level)}>{item.level}</Tag>}
            <span className={styles.itemName} dir="auto">
              {item.label}
            </span>
            {item.timeNs !== undefined && (
              <time className={styles.push} title={clock.exact(item.timeNs)}>
                {startNs === undefined
                  ? clock.exact(item.timeNs)
                  : `+${formatDuration(secondsBetween(startNs, item.timeNs))}`.replace('+−', '−')}
              </time>
            )}
          </div>
          <HappeningData data={item.data} />
        </li>
      ))}
    </ol>
  );
}

/** Texts of several lines, such as stack traces, as they are; the rest as JSON. */
function HappeningData(props: { readonly data: unknown }) {
  const { data } = props;
  if (isBlank(data)) return undefined;
  if (!isObject(data)) return <CodeView value={data} />;
  const isText = (value: unknown): value is string =>
    typeof value === 'string' && value.includes('\n');
  const texts = Object.entries(data).filter(([, value]) => isText(value));
  const rest = Object.fromEntries(Object.entries(data).filter(([, value]) => !isText(value)));
  return (
    <>
      {!isBlank(rest) && <CodeView value={rest} />}
      {texts.map(([key, text]) => (
        <div key={key} className={styles.section}>
          <span className={styles.offset}>{key}</span>
          <CodeView value={text} />
        </div>
      ))}
    </>
  );
}

export function LinksView(props: { readonly links: readonly SpanLink[] }) {
  return (
    <ul className={styles.items}>
      {props.links.map((link, index) => (
        <li key={index} className={styles.item}>
          <Link
            to="/runs/$traceId"
            params={{ traceId: link.traceId }}
            search={{ span: link.spanId }}
          >
            <code>{link.traceId}</code>
          </Link>
          {link.spanId !== undefined && (
            <span className={styles.offset}>
              span <code>{link.spanId}</code>
            </span>
          )}
          {!isBlank(link.attributes) && <CodeView value={link.attributes} />}
        </li>
      ))}
    </ul>
  );
}
