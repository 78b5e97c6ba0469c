// SPDX-License-Identifier: Apache-2.0

import { useContext, useMemo } from 'react';
import { firstMeasure } from '../../model/panelQuery';
import { Trend } from '../../ui/Trend';
import { measureText, whatNothingIs } from './measureText';
import { PanelScopeContext } from './panelScope';
import styles from './Dashboards.module.css';
import { nameOf, seconds, timesOf, valuesAt } from './panelSums';
import type { PanelSums } from './panelSums';
import { SeriesNote } from './SeriesNote';
import { groupColour, seriesShown } from './groupColours';

/** A line for each group, the largest ones if they are many. A stretch of it can be chosen. */
export function TrendPanel(props: PanelSums) {
  const { panel, query, sums } = props;
  const { chooseTime } = useContext(PanelScopeContext);
  const measure = firstMeasure(query);
  const shown = seriesShown(query, sums);
  const { times, series } = useMemo(() => {
    const nsTimes = timesOf(sums);
    return {
      times: nsTimes.map(seconds),
      series: seriesShown(query, sums).map((group, index) => ({
        id: nameOf(group, query),
        label: nameOf(group, query),
        colour: groupColour(query, group, index),
        values: valuesAt(group, nsTimes, measure, whatNothingIs(measure)),
      })),
    };
  }, [query, sums, measure]);
  const format = useMemo(() => (value: number) => measureText(measure, value), [measure]);
  return (
    <div className={styles.trend}>
      <Trend
        label={panel.title}
        height="fill"
        times={times}
        series={series}
        format={format}
        onRange={chooseTime}
      />
      <SeriesNote shown={shown.length} total={sums.totalGroups} />
    </div>
  );
}
