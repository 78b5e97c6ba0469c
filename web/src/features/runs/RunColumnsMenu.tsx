// SPDX-License-Identifier: Apache-2.0

import type { Run } from '../../model/run';
import { useAddress } from '../../parts/useAddress';
import { ColumnsMenu } from '../../ui/ColumnsMenu';
import type { Column } from '../../ui/dataColumns';
import { DensityChoice } from './DensityChoice';
import { runTableId } from './RunTable';

/** How rows look, and their columns: where the address says which are left out, those of the address. */
export function RunColumnsMenu(props: {
  readonly columns: readonly Column<Run>[];
  readonly hidden: readonly string[] | undefined;
}) {
  const { change } = useAddress();
  return (
    <ColumnsMenu
      {...props}
      tableId={runTableId}
      onHidden={(ids) => change({ hide: ids.length === 0 ? undefined : ids.join(',') })}
    >
      <DensityChoice />
    </ColumnsMenu>
  );
}
