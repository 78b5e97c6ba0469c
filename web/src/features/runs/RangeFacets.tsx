// SPDX-License-Identifier: Apache-2.0

import { refusal } from '../../model/filterFields';
import type { FilterKey, RunFilter } from '../../model/filterFields';
import type { SearchTexts } from '../../model/searchTexts';
import { RangeField } from '../../ui/RangeField';
import { texts } from './texts';

interface RangeFacet {
  readonly label: string;
  readonly from: FilterKey;
  readonly to: FilterKey;
}

const ranges: readonly RangeFacet[] = [
  { label: texts.durationRange, from: 'min_duration', to: 'max_duration' },
  { label: texts.costRange, from: 'min_cost', to: 'max_cost' },
];

/** What a run may have taken and cost, from the least to the most. */
export function RangeFacets(props: {
  readonly filter: RunFilter;
  readonly onChange: (change: SearchTexts) => void;
}) {
  const { filter, onChange } = props;
  return ranges.map(({ label, from, to }) => (
    <RangeField
      key={from}
      label={label}
      range={{ from: filter[from], to: filter[to] }}
      refuses={(text) => refusal(from, text)}
      onChange={(range) => onChange({ [from]: range.from, [to]: range.to })}
    />
  ));
}
