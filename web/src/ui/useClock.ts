// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { formatExactTime, formatMoment } from '../base/clock';
import { usePreferences } from './preferences';

export interface Clock {
  /** Short, for lists. */
  readonly moment: (ns: bigint | undefined) => string;
  /** To the nanosecond; undefined for an unknown time. */
  readonly exact: (ns: bigint | undefined) => string | undefined;
}

/** The one clock of the page, in the zone that the reader has chosen. */
export function useClock(): Clock {
  const { zone } = usePreferences();
  return useMemo(
    () => ({
      moment: (ns) => formatMoment(ns, new Date(), zone),
      exact: (ns) => (ns === undefined ? undefined : formatExactTime(ns, zone)),
    }),
    [zone],
  );
}
