// SPDX-License-Identifier: Apache-2.0

import type { Status } from '../model/status';
import styles from './StatusCell.module.css';
import { StatusMark } from './StatusMark';

/** A status in a table; where the table is narrow, its dot. */
export function StatusCell(props: { readonly status: Status }) {
  return (
    <span className={styles.status} title={props.status}>
      <StatusMark status={props.status} />
    </span>
  );
}
