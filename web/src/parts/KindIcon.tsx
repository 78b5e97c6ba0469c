// SPDX-License-Identifier: Apache-2.0

import type { SpanKind } from '../model/span';
import { Icon } from '../ui/Icon';
import { kindColour } from './kindColour';
import styles from './KindIcon.module.css';

export function KindIcon(props: { readonly kind: SpanKind }) {
  return (
    <span className={styles.icon} style={{ color: kindColour(props.kind) }}>
      <Icon name={props.kind} />
    </span>
  );
}
