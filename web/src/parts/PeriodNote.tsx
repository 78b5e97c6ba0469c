// SPDX-License-Identifier: Apache-2.0

import type { Period } from '../model/aggregate';
import { useClock } from '../ui/useClock';
import { FlowNote } from '../ui/Flow';

/** Which time figures are about, and whether they follow it. */
export function PeriodNote(props: {
  readonly period: Period | undefined;
  readonly isHeld: boolean;
}) {
  const { period, isHeld } = props;
  const clock = useClock();
  if (period === undefined) return undefined;
  return (
    <FlowNote testId="period">
      Runs that began from{' '}
      <span title={clock.exact(period.startNs)}>{clock.moment(period.startNs)}</span> to{' '}
      <span title={clock.exact(period.endNs)}>{clock.moment(period.endNs)}</span>
      {isHeld && ', held'}
    </FlowNote>
  );
}
