// SPDX-License-Identifier: Apache-2.0

import { Fragment } from 'react';
import type { ReactNode } from 'react';
import styles from './Facts.module.css';

export interface Fact {
  readonly label: string;
  /** Undefined leaves the fact out. */
  readonly value: ReactNode;
  readonly title?: string | undefined;
}

/** Names and values, one below the other. */
export function FactList(props: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {props.facts.map(
        (fact) =>
          fact.value !== undefined && (
            <Fragment key={fact.label}>
              <dt>{fact.label}</dt>
              <dd title={fact.title}>{fact.value}</dd>
            </Fragment>
          ),
      )}
    </dl>
  );
}

/** Names above values, side by side. */
export function FactRow(props: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={styles.row}>
      {props.facts.map(
        (fact) =>
          fact.value !== undefined && (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd title={fact.title}>{fact.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
