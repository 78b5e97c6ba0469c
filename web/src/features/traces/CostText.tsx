// SPDX-License-Identifier: Apache-2.0

import { explainCost, formatCost } from '../../model/cost';
import type { Cost } from '../../model/cost';
import styles from './CostText.module.css';

export function CostText(props: { readonly cost: Cost }) {
  const isUnpriced = props.cost.kind === 'unpriced';
  return (
    <span className={isUnpriced ? styles.unpriced : undefined} title={explainCost(props.cost)}>
      {formatCost(props.cost)}
    </span>
  );
}
