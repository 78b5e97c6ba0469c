// SPDX-License-Identifier: Apache-2.0

import { rangeChoices } from '../model/scope';
import { SelectField } from '../ui/SelectField';
import { useAddress } from './useAddress';

interface Choice {
  readonly value: string;
  readonly label: string;
}

const anyTime: Choice = { value: '', label: 'Any time' };
const ownTime = 'from-to';

/** The ranges on offer, and what the address asks for beyond them. */
function choicesFor(range: string | undefined, hasOwnTime: boolean): readonly Choice[] {
  const choices: Choice[] = [anyTime, ...rangeChoices];
  if (range !== undefined && !choices.some(({ value }) => value === range))
    choices.push({ value: range, label: `Last ${range}` });
  if (hasOwnTime) choices.push({ value: ownTime, label: 'As in the address' });
  return choices;
}

/** The time that all pages look at. */
export function ScopeBar() {
  const { search, change } = useAddress();
  const { t: range, from, to } = search;
  const hasOwnTime = from !== undefined || to !== undefined;
  return (
    <SelectField
      label="Time range"
      value={hasOwnTime ? ownTime : (range ?? '')}
      options={choicesFor(range, hasOwnTime)}
      onChange={(value) =>
        value !== ownTime &&
        change({ t: value === '' ? undefined : value, from: undefined, to: undefined })
      }
    />
  );
}
