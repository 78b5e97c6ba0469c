// SPDX-License-Identifier: Apache-2.0

import { useLosses } from '../../api/sumQueries';
import { formatCount } from '../../base/format';
import { readText } from '../../base/json';
import type { Loss, LossSeverity } from '../../model/losses';
import words from '../../model/lossWords.json';
import { useAddress } from '../../parts/useAddress';
import type { Column } from '../../ui/dataColumns';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { ShortTable } from '../../ui/ShortTable';
import { StateMark } from '../../ui/Tag';
import type { Tone } from '../../ui/Tag';
import styles from './Settings.module.css';
import { texts } from './texts';

const tones: Readonly<Record<LossSeverity, Tone>> = {
  error: 'error',
  warning: 'warn',
  info: 'quiet',
};

function wordsOf(name: string): string {
  const sentences: Readonly<Record<string, unknown>> = words;
  return readText(sentences, name) ?? texts.unknownLoss;
}

const columns: readonly Column<Loss>[] = [
  {
    id: 'severity',
    label: 'Severity',
    width: 104,
    skeleton: 50,
    cell: ({ severity }) => <StateMark tone={tones[severity]}>{severity}</StateMark>,
  },
  {
    id: 'what',
    label: 'What happened',
    isFixed: true,
    skeleton: 240,
    title: ({ name }) => name,
    cell: ({ name }) => <span className={styles.sentence}>{wordsOf(name)}</span>,
  },
  {
    id: 'count',
    label: 'Times',
    isFigure: true,
    width: 96,
    skeleton: 30,
    cell: ({ count }) => formatCount(count),
  },
];

function idOf(loss: Loss): string {
  return loss.name;
}

/** Everything that was refused, dropped, cut or repaired since the server began, in words. */
export function LossTable() {
  const { hold } = useAddress();
  const query = useLosses(hold.isHeld);
  if (query.isError)
    return (
      <ErrorNotice
        message={`Cannot load what was lost: ${query.error.message}`}
        onRetry={() => void query.refetch()}
      />
    );
  if (query.data?.length === 0) return <EmptyState title={texts.noLoss} isCompact />;
  return (
    <ShortTable
      id="losses"
      caption={texts.losses}
      columns={columns}
      rows={query.data}
      idOf={idOf}
    />
  );
}
