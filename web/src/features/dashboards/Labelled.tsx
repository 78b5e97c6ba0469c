// SPDX-License-Identifier: Apache-2.0

import { SelectField } from '../../ui/SelectField';
import type { SelectOption } from '../../ui/SelectField';
import styles from './Dashboards.module.css';

/** A choice of a form, with its name above it as the other fields have. */
export function Labelled(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <div className={styles.picker}>
      <span className={styles.label} aria-hidden="true">
        {props.label}
      </span>
      <SelectField {...props} />
    </div>
  );
}
