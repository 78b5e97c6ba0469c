// SPDX-License-Identifier: Apache-2.0

import { summarizeSigns } from '../model/sign';
import type { Sign } from '../model/sign';
import { Icon } from '../ui/Icon';
import { Tag } from '../ui/Tag';
import styles from './SignTag.module.css';

/** Warns of a run that shows signs of trouble; nothing for one that does not. */
export function SignTag(props: { readonly signs: readonly Sign[] }) {
  const label = summarizeSigns(props.signs);
  if (label === undefined) return undefined;
  return (
    <Tag tone="warn" title={props.signs.map((sign) => sign.message).join('\n')}>
      <Icon name="alert" size={11} />
      <span className={styles.label}>{label}</span>
    </Tag>
  );
}
