// SPDX-License-Identifier: Apache-2.0

import { useLosses } from '../../api/sumQueries';
import type { useFiguresNow } from '../../api/sumQueries';
import { absent, formatCount, formatDuration, formatRate, plural } from '../../base/format';
import type { Loss } from '../../model/losses';
import { Popover } from '../../ui/Popover';
import { StateMark } from '../../ui/Tag';
import type { Tone } from '../../ui/Tag';
import styles from './Overview.module.css';
import { texts } from './texts';

/** How much comes in, how soon it is seen, and what of it was not kept as it came. */
export function IngestLine(props: {
  readonly figures: ReturnType<typeof useFiguresNow>;
  readonly isHeld: boolean;
}) {
  const { data } = props.figures;
  const losses = useLosses(props.isHeld);
  const lag = data?.ingestLagMs;
  return (
    <section className={styles.ingest} aria-label={texts.ingest} data-testid="ingest">
      <span>{formatRate(data?.spansPerSecond)} spans/s</span>
      <span title="From arrival to visible, the longest of the last 10 seconds">
        seen after {lag === undefined ? absent : formatDuration(lag / 1000)}
      </span>
      {losses.isError && <span role="alert">Losses not known: {losses.error.message}</span>}
      {losses.data !== undefined && <Losses losses={losses.data} />}
    </section>
  );
}

function toneOf(losses: readonly Loss[]): Tone {
  if (losses.some(({ severity }) => severity === 'error')) return 'error';
  return losses.some(({ severity }) => severity === 'warning') ? 'warn' : 'ok';
}

function sentence(losses: readonly Loss[]): string {
  const count = (wanted: Loss['severity']): number =>
    losses.reduce((sum, { severity, count: more }) => sum + (severity === wanted ? more : 0), 0);
  const errors = count('error');
  const lost = errors === 0 ? 'nothing lost' : plural(errors, 'thing lost', 'things lost');
  return `${lost}, ${plural(count('warning'), 'warning')} since the server began`;
}

function Losses(props: { readonly losses: readonly Loss[] }) {
  const { losses } = props;
  if (losses.length === 0)
    return <StateMark tone="ok">nothing lost or changed since the server began</StateMark>;
  return (
    <Popover
      look="quiet"
      fit="small"
      label="What was lost or changed"
      face={<StateMark tone={toneOf(losses)}>{sentence(losses)}</StateMark>}
    >
      <table className={styles.losses}>
        <caption className="visually-hidden">What was lost or changed</caption>
        <tbody>
          {losses.map(({ name, severity, count }) => (
            <tr key={name}>
              <th scope="row">{name.replaceAll('_', ' ')}</th>
              <td>{severity}</td>
              <td>{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Popover>
  );
}
