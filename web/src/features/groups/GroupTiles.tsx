// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatCompact, formatCount, formatDuration, formatPercent } from '../../base/format';
import type { GroupKind, RunGroup, RunGroupDetail } from '../../model/runGroup';
import type { SearchTexts } from '../../model/searchTexts';
import { CostText } from '../../parts/CostText';
import { GroupLink } from '../../parts/GroupLink';
import { Tile, TileRow } from '../../ui/Tile';
import styles from './GroupPage.module.css';
import { groupWords } from './groupWords';

const mostNamed = 3;

/** What all runs of a session or user add up to; each figure leads to the runs behind it. */
export function GroupTiles(props: {
  readonly kind: GroupKind;
  readonly detail: RunGroupDetail | undefined;
  /** The time range, as it stands in the address. */
  readonly search: SearchTexts;
}) {
  const { kind, detail } = props;
  const group = detail?.group;
  const { other, filterKey } = groupWords[kind];
  const toRuns = (children: ReactNode, more: SearchTexts = {}): ReactNode =>
    group && (
      <Link to="/runs" search={{ ...props.search, [filterKey]: group.id, ...more }}>
        {children}
      </Link>
    );
  return (
    <TileRow label="Totals" testId="group-tiles">
      <Tile label="Runs" value={toRuns(formatCount(group?.runs))} />
      <Tile
        label="Failed"
        value={toRuns(formatCount(group?.failedRuns), { status: 'failed' })}
        note={
          group === undefined || group.runs === 0
            ? undefined
            : `${formatPercent((100 * group.failedRuns) / group.runs)} of them`
        }
      />
      <Tile
        label="Cost"
        value={
          group && (
            <Link to="/cost" search={{ ...props.search, [filterKey]: group.id }}>
              <CostText cost={group.cost} />
            </Link>
          )
        }
      />
      <Tile
        label="Tokens"
        title={formatCount(group?.tokens)}
        value={
          group && (
            <Link to="/cost" search={{ ...props.search, [filterKey]: group.id, by: 'tokens' }}>
              {formatCompact(group.tokens)}
            </Link>
          )
        }
        note={group && `${formatCount(group.calls)} model calls`}
      />
      <Tile label="Time in runs" value={group && formatDuration(group.durationSeconds)} />
      {group !== undefined && <OthersTile kind={other.kind} label={other} group={group} />}
    </TileRow>
  );
}

function OthersTile(props: {
  readonly kind: GroupKind;
  readonly label: { readonly one: string; readonly many: string };
  readonly group: RunGroup;
}) {
  const { kind, label, group } = props;
  const { others, othersCount } = group;
  const isOne = othersCount === 1;
  const [only] = others;
  const named = others.slice(0, mostNamed);
  return (
    <Tile
      label={isOne ? label.one : `${label.one}s`}
      value={isOne && only !== undefined ? <GroupLink kind={kind} id={only} /> : othersCount}
      note={
        isOne ? undefined : (
          <>
            {named.map((id) => (
              <span key={id} className={styles.named}>
                <GroupLink kind={kind} id={id} />
              </span>
            ))}
            {othersCount > named.length && `and ${formatCount(othersCount - named.length)} more`}
          </>
        )
      }
    />
  );
}
