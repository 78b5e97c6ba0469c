// SPDX-License-Identifier: Apache-2.0

import type { Recurrence } from '../model/failures';
import { Tag } from '../ui/Tag';
import type { Tone } from '../ui/Tag';

const words: Readonly<
  Record<Recurrence, { readonly tone: Tone; readonly label: string; readonly title: string }>
> = {
  new: { tone: 'error', label: 'new', title: 'Not seen in the 30 days before' },
  returning: {
    tone: 'warn',
    label: 'is back',
    title: 'Seen in the 30 days before, then not for a day or more',
  },
  known: { tone: 'quiet', label: 'known', title: 'Seen in the 30 days before, too' },
  unknown: { tone: 'quiet', label: '–', title: 'No run of the 30 days before is known' },
};

export function RecurrenceTag(props: { readonly recurrence: Recurrence }) {
  const { tone, label, title } = words[props.recurrence];
  return (
    <Tag tone={tone} title={title}>
      {label}
    </Tag>
  );
}
