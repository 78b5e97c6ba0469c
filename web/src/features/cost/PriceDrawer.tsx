// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { usePrices } from '../../api/costQueries';
import { modelNameOf, providerOf } from '../../model/costCuts';
import type { RunFilter } from '../../model/filterFields';
import { useAddress } from '../../parts/useAddress';
import { Drawer } from '../../ui/Drawer';
import { ErrorNotice, Note, Skeleton } from '../../ui/Notice';
import styles from './CostCut.module.css';
import { PriceForm } from './PriceForm';
import { PriceView } from './PriceView';
import { RepricePanel } from './RepricePanel';

/**
 * What a model is charged by, the form that sets another price, and what that does to stored calls; open
 * while the address names a model. Without one, stored calls alone.
 */
export function PriceDrawer(props: { readonly filter: RunFilter | undefined }) {
  const { search, change } = useAddress();
  const name = search['price'];
  if (name !== undefined)
    return (
      <Drawer
        key={name}
        testId="price"
        title={<bdi>Price of {name}</bdi>}
        onClose={() => change({ price: undefined })}
      >
        <PriceBody name={name} filter={props.filter} />
      </Drawer>
    );
  if (search['reprice'] === undefined) return undefined;
  return (
    <Drawer
      testId="price"
      title="Price stored calls again"
      onClose={() => change({ reprice: undefined })}
    >
      <RepricePanel filter={props.filter} />
    </Drawer>
  );
}

function PriceBody(props: { readonly name: string; readonly filter: RunFilter | undefined }) {
  const { name, filter } = props;
  const provider = providerOf(name);
  const model = modelNameOf(name);
  const query = usePrices({ provider, model });
  // What a preview said is not so any more when a price has changed.
  const [changes, setChanges] = useState(0);
  const prices = query.data?.prices;
  const onChanged = (): void => setChanges(changes + 1);
  return (
    <>
      <section className={styles.part} aria-label="Prices in force">
        {query.isError && (
          <ErrorNotice
            message={`Cannot load the prices: ${query.error.message}`}
            onRetry={() => void query.refetch()}
          />
        )}
        {query.isPending && <Skeleton width="60%" />}
        {prices?.length === 0 && (
          <Note testId="no-price">
            {query.data?.note ??
              'Nobody has set a price for this model, and none comes with the program.'}
          </Note>
        )}
        {prices?.map((price) => (
          <PriceView key={`${price.rule} ${price.version}`} price={price} onChanged={onChanged} />
        ))}
      </section>
      <PriceForm
        provider={provider}
        model={model}
        isFirst={prices?.length === 0}
        filter={filter}
        onChanged={onChanged}
      />
      <RepricePanel key={changes} filter={filter} />
    </>
  );
}
