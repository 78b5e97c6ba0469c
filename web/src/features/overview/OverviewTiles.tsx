// SPDX-License-Identifier: Apache-2.0

import { formatCount } from '../../base/format';
import type { Figures } from '../../model/overview';
import type { PageScope } from '../../model/period';
import type { Sums } from '../../model/sums';
import { RunsLink } from '../../parts/links';
import { SumTiles } from '../../parts/SumTiles';
import { texts } from './texts';

export function OverviewTiles(props: {
  readonly scope: PageScope;
  readonly sums: Sums | undefined;
  readonly before: Sums | undefined;
  readonly figures: Figures | undefined;
}) {
  const { scope, figures } = props;
  const running = figures?.running;
  return (
    <SumTiles
      label={texts.tiles}
      sums={props.sums}
      before={props.before}
      runs={scope.links}
      note={
        running === undefined ? undefined : (
          <RunsLink search={{ status: 'running' }}>{formatCount(running)} running</RunsLink>
        )
      }
    />
  );
}
