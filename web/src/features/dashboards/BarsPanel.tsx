// SPDX-License-Identifier: Apache-2.0

import { useContext } from 'react';
import { formatStretch } from '../../base/clock';
import { firstMeasure } from '../../model/panelQuery';
import { Bars } from '../../ui/Bars';
import { Histogram } from '../../ui/Histogram';
import { usePreferences } from '../../ui/preferences';
import { BehindLink } from './BehindLink';
import { measureText } from './measureText';
import { PanelScopeContext } from './panelScope';
import { drawingHeight, nameOf, seconds, timesOf, valuesAt } from './panelSums';
import type { PanelSums } from './panelSums';
import { SeriesNote } from './SeriesNote';
import { groupColour, seriesShown, statusColour } from './groupColours';

/** A bar for each group; with a step of time, a stack of them for each step. */
export function BarsPanel(props: PanelSums) {
  return props.query.bucket === undefined ? <GroupBars {...props} /> : <BarsOverTime {...props} />;
}

function GroupBars(props: PanelSums) {
  const { panel, query, sums } = props;
  const measure = firstMeasure(query);
  return (
    <>
      <Bars
        label={panel.title}
        bars={sums.groups.map((group) => ({
          id: nameOf(group, query),
          label: nameOf(group, query),
          title: nameOf(group, query),
          value: group.values[measure],
          colour: statusColour(query, group),
          text: (
            <BehindLink {...props} group={group}>
              {measureText(measure, group.values[measure])}
            </BehindLink>
          ),
        }))}
      />
      <SeriesNote shown={sums.groups.length} total={sums.totalGroups} />
    </>
  );
}

/** The head of the panel, its edges, the legend and the ends of time. */
const othersPixels = 126;

function BarsOverTime(props: PanelSums) {
  const { panel, query, sums } = props;
  const { chooseTime } = useContext(PanelScopeContext);
  const { zone } = usePreferences();
  const measure = firstMeasure(query);
  const times = timesOf(sums);
  const stepMs = (sums.bucketSeconds ?? 86_400) * 1000;
  const shown = seriesShown(query, sums);
  const values = shown.map((group) => valuesAt(group, times, measure, 0));
  const stretch = (timeNs: bigint): string => {
    const from = seconds(timeNs) * 1000;
    return formatStretch(from, from + stepMs, zone);
  };
  const [first, last] = [times[0], times.at(-1)];
  return (
    <>
      <Histogram
        label={panel.title}
        height={drawingHeight(panel, othersPixels)}
        series={shown.map((group, index) => ({
          id: nameOf(group, query),
          label: nameOf(group, query),
          colour: groupColour(query, group, index),
        }))}
        buckets={times.map((time, place) => ({
          label: stretch(time),
          values: values.map((one) => one[place] ?? 0),
        }))}
        format={(value) => measureText(measure, value)}
        ends={[first === undefined ? '' : stretch(first), last === undefined ? '' : stretch(last)]}
        onRange={(range) => {
          const from = times[range.first];
          const to = times[range.last];
          if (from !== undefined && to !== undefined)
            chooseTime(seconds(from), seconds(to) + stepMs / 1000);
        }}
      />
      <SeriesNote shown={shown.length} total={sums.totalGroups} />
    </>
  );
}
