// SPDX-License-Identifier: Apache-2.0

import { formatUsd, plural } from '../base/format';

/** A sum of prices behind other figures of a line; of calls without a price it says how many. */
export function SumText(props: { readonly usd: number | undefined; readonly unpriced: number }) {
  const { usd, unpriced } = props;
  if (usd === undefined)
    return unpriced === 0 ? undefined : ` · ${plural(unpriced, 'call')} unpriced`;
  return (
    <span title={unpriced === 0 ? undefined : `${plural(unpriced, 'call')} without a known price`}>
      {` · ${unpriced > 0 ? '≥\u00a0' : ''}${formatUsd(usd)}`}
    </span>
  );
}
