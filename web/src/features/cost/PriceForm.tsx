// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useAggregate } from '../../api/aggregateQueries';
import { useSetPrice } from '../../api/costQueries';
import { formatCount, formatUsd, plural } from '../../base/format';
import type { RunFilter } from '../../model/filterFields';
import { costAt, parsePrice } from '../../model/ownPrice';
import type { OwnPrice, PriceDraft } from '../../model/ownPrice';
import { repricingTime } from '../../model/repricing';
import { costMeasures } from '../../model/spending';
import { Button } from '../../ui/Button';
import { FlowNote } from '../../ui/Flow';
import { ErrorNotice } from '../../ui/Notice';
import styles from './CostCut.module.css';
import { PriceFields } from './PriceFields';

/** Sets a price for a model; says what the calls of this time would have cost by it. */
export function PriceForm(props: {
  readonly provider: string;
  readonly model: string;
  /** The model has no price at all: one that holds from now on would leave out the calls that are there. */
  readonly isFirst: boolean;
  readonly filter: RunFilter | undefined;
  readonly onChanged: () => void;
}) {
  const { filter } = props;
  const [typed, setDraft] = useState<Omit<PriceDraft, 'from'> & { readonly from?: string }>({
    provider: props.provider,
    model: props.model,
    rates: {},
    note: '',
  });
  const [isChecked, setChecked] = useState(false);
  const [nowMs] = useState(() => Date.now());
  const draft: PriceDraft = {
    ...typed,
    from: typed.from ?? (props.isFirst ? firstDay(filter, nowMs) : ''),
  };
  const set = useSetPrice();
  const { price, problems } = parsePrice(draft);
  const shown = isChecked ? (problems ?? {}) : {};
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (price !== undefined && !set.isPending) set.mutate(price, { onSuccess: props.onChanged });
  };
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate aria-label="Set a price">
      <h3 className={styles.wide}>Set a price, in dollars for a million tokens</h3>
      <PriceFields draft={draft} problems={shown} onChange={setDraft} />
      <div className={styles.buttons}>
        <Button type="submit" aria-disabled={set.isPending}>
          {set.isPending ? 'Setting…' : 'Set this price'}
        </Button>
        {price !== undefined && <WouldCost price={price} filter={filter} />}
      </div>
      <div className={styles.wide} role="status">
        {set.isSuccess && `It holds for ${heldCalls(set.variables)}.`}
        <FlowNote>
          Costs that are stored stay as they are until you price them again, below.
        </FlowNote>
      </div>
      {set.isError && (
        <div className={styles.wide}>
          <ErrorNotice message={`Cannot set the price: ${set.error.message}`} />
        </div>
      )}
    </form>
  );
}

/** The day on which the time of the page begins: a price from then on holds for all of its calls. */
function firstDay(filter: RunFilter | undefined, nowMs: number): string {
  return repricingTime(filter ?? {}, nowMs).start_time.slice(0, 10);
}

/** For which calls a price holds that has been set. */
function heldCalls(price: OwnPrice): string {
  const from = price.body.effective_from;
  return from === undefined
    ? 'calls that begin from now on'
    : `calls that are received from now on and began on ${from} or later`;
}

/** What the calls of this time come to at the price in the form. */
function WouldCost(props: { readonly price: OwnPrice; readonly filter: RunFilter | undefined }) {
  const { price, filter } = props;
  const name = `${price.provider}/${price.model}`;
  const { data } = useAggregate(
    filter === undefined
      ? undefined
      : { of: 'steps', measures: costMeasures, by: ['model'], filter, sort: '-calls', limit: 1000 },
    true,
  );
  const values = data?.groups.find(({ keys }) => keys['model'] === name)?.values;
  if (values === undefined) return undefined;
  const count = (measure: string): number => values[measure] ?? 0;
  const usd = costAt(price.body.prices, {
    input: count('input_tokens'),
    cacheRead: count('cache_read_tokens'),
    cacheWrite: count('cache_write_tokens'),
    output: count('output_tokens'),
    reasoning: count('reasoning_tokens'),
  });
  return (
    <span data-testid="would-cost" title={`${formatCount(count('tokens'))} tokens`}>
      The {plural(count('calls'), 'call')} of this time would come to about {formatUsd(usd)}.
    </span>
  );
}
