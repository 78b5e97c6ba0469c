// SPDX-License-Identifier: Apache-2.0

import { useContext } from 'react';
import type { ReactNode } from 'react';
import type { AggregateGroup } from '../../model/aggregate';
import { behindFigure, firstMeasure } from '../../model/panelQuery';
import { CallsLink, RunsLink } from '../../parts/links';
import { PanelScopeContext } from './panelScope';
import type { PanelSums } from './panelSums';

/** From a figure to the runs or calls that it was made of, where a list shows just these. */
export function BehindLink(
  props: Pick<PanelSums, 'query' | 'filters'> & {
    readonly group: AggregateGroup | undefined;
    readonly measure?: string;
    readonly children: ReactNode;
  },
) {
  const { query, filters, group, measure = firstMeasure(query), children } = props;
  const { links } = useContext(PanelScopeContext);
  const behind = behindFigure(query.source, filters, group?.keys ?? {}, measure);
  if (behind === undefined) return children;
  const To = behind.page === 'runs' ? RunsLink : CallsLink;
  return <To search={{ ...links, ...behind.search }}>{children}</To>;
}
