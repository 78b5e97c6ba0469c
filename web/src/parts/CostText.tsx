// SPDX-License-Identifier: Apache-2.0

import { alignCost, explainCost, formatCost } from '../model/cost';
import type { Cost } from '../model/cost';
import styles from './CostText.module.css';

const notCounted = 'Not part of any sum: another span reports the same call';

/** An amount with where it comes from; in brackets where it is counted elsewhere. */
export function CostText(props: {
  readonly cost: Cost;
  readonly isCounted?: boolean;
  /** In a column, points stand below each other. */
  readonly isInColumn?: boolean;
}) {
  const { cost, isCounted = true, isInColumn = false } = props;
  const text = formatCost(cost);
  const shown = isInColumn ? alignCost(text) : text;
  const title = explainCost(cost);
  return (
    <span
      className={cost.kind === 'unpriced' ? styles.unpriced : undefined}
      title={isCounted ? title : `${title ?? ''}\n${notCounted}`.trim()}
    >
      {isCounted ? shown : `(${text})`}
    </span>
  );
}

/** Tokens; in brackets where they are counted elsewhere. */
export function TokensText(props: { readonly text: string; readonly isCounted: boolean }) {
  if (props.isCounted) return props.text;
  return <span title={notCounted}>({props.text})</span>;
}
