// SPDX-License-Identifier: Apache-2.0

import { formatCount } from '../../base/format';
import styles from './Dashboards.module.css';

/** That there are more groups than are shown. */
export function SeriesNote(props: { readonly shown: number; readonly total: number }) {
  const { shown, total } = props;
  if (total <= shown) return undefined;
  return (
    <p className={styles.note}>
      {formatCount(shown)} of {formatCount(total)}
    </p>
  );
}
