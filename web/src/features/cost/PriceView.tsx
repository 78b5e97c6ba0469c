// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { useDeletePrice } from '../../api/costQueries';
import { formatCount } from '../../base/format';
import { sourceWords } from '../../model/price';
import type { Price, Rate } from '../../model/price';
import { Button } from '../../ui/Button';
import { FactList } from '../../ui/Facts';
import { ErrorNotice } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import type { Clock } from '../../ui/useClock';
import styles from './CostCut.module.css';

/** Exactly as it is charged: prices are decimals, and rounding one would make it another price. */
function usdText(usd: number): string {
  return `$${usd.toLocaleString('en-US', { maximumFractionDigits: 12 })}`;
}

function holds(price: Price, clock: Clock): string {
  const { fromNs, untilNs } = price;
  if (fromNs === undefined && untilNs === undefined) return 'always';
  const from = fromNs === undefined ? '' : `from ${clock.moment(fromNs)}`;
  const until = untilNs === undefined ? '' : `until ${clock.moment(untilNs)}`;
  return `${from} ${until}`.trim();
}

/** One price of a model: what is charged, since when, and who says so. */
export function PriceView(props: { readonly price: Price; readonly onChanged: () => void }) {
  const { price } = props;
  const clock = useClock();
  return (
    <div data-testid="price-rule">
      <FactList
        facts={[
          { label: 'Source', value: sourceWords(price.source) },
          { label: 'Holds', value: holds(price, clock), title: clock.exact(price.fromNs) },
          { label: 'Rule', value: price.rule === '' ? undefined : <code>{price.rule}</code> },
          { label: 'Version', value: price.version === '' ? undefined : price.version },
          {
            label: 'Also named',
            value: price.aliases.length === 0 ? undefined : price.aliases.join(', '),
          },
          {
            label: 'Not charged',
            value: price.notCounted.length === 0 ? undefined : price.notCounted.join(', '),
            title: 'Prices of the data for what no usage tells',
          },
          { label: 'Note', value: price.note },
        ]}
      />
      <table className={styles.rates}>
        <caption className="visually-hidden">What is charged</caption>
        <tbody>
          {price.rates.map((rate) => (
            <RateRows key={rate.kind} rate={rate} unit="a million tokens" />
          ))}
          {price.perCall.map((rate) => (
            <RateRows key={rate.kind} rate={rate} unit="each" />
          ))}
        </tbody>
      </table>
      {isOwn(price) && <DeletePrice price={price} onChanged={props.onChanged} />}
    </div>
  );
}

/** Set or imported here, so that it can be taken back. */
function isOwn({ source }: Price): boolean {
  return source === 'own' || source === 'litellm';
}

function DeletePrice(props: { readonly price: Price; readonly onChanged: () => void }) {
  const { price, onChanged } = props;
  const [isAsked, setAsked] = useState(false);
  const remove = useDeletePrice();
  return (
    <div className={styles.buttons}>
      {remove.isError && (
        <ErrorNotice message={`Cannot delete the price: ${remove.error.message}`} />
      )}
      {isAsked ? (
        <>
          <Button
            fit="small"
            aria-disabled={remove.isPending}
            onClick={() => remove.mutate(price, { onSuccess: onChanged })}
          >
            Delete it
          </Button>
          <Button fit="small" look="quiet" onClick={() => setAsked(false)}>
            Keep it
          </Button>
        </>
      ) : (
        <Button fit="small" onClick={() => setAsked(true)}>
          Delete this price…
        </Button>
      )}
    </div>
  );
}

function RateRows(props: { readonly rate: Rate; readonly unit: string }) {
  const { rate, unit } = props;
  return (
    <>
      <tr>
        <th scope="row">{rate.kind.replaceAll('_', ' ')}</th>
        <td>{usdText(rate.usd)}</td>
        <td>{unit}</td>
      </tr>
      {rate.tiers.map((tier) => (
        <tr key={tier.start}>
          <th scope="row">
            {rate.kind.replaceAll('_', ' ')}, input over {formatCount(tier.start)}
          </th>
          <td>{usdText(tier.usd)}</td>
          <td>{unit}, of the whole call</td>
        </tr>
      ))}
    </>
  );
}
