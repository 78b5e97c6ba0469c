// SPDX-License-Identifier: Apache-2.0

import { rateKinds } from '../../model/ownPrice';
import type { PriceDraft, RateKind } from '../../model/ownPrice';
import { FormField } from '../../ui/FormField';
import styles from './CostCut.module.css';

const labels: Readonly<Record<RateKind, string>> = {
  input: 'Input',
  cache_read: 'Input from a cache',
  cache_write: 'Input written to a cache',
  output: 'Output',
  reasoning: 'Reasoning',
};

const hints: Readonly<Partial<Record<RateKind, string>>> = {
  cache_read: 'As input, if left empty',
  cache_write: 'As input, if left empty',
  reasoning: 'As output, if left empty',
};

/** What a price is made of, as it is typed; each field says what is wrong with it. */
export function PriceFields(props: {
  readonly draft: PriceDraft;
  readonly problems: Readonly<Record<string, string>>;
  readonly onChange: (draft: PriceDraft) => void;
}) {
  const { draft, problems, onChange } = props;
  return (
    <>
      <FormField
        label="Provider"
        hint="As calls name it, or * for any"
        isRequired
        problem={problems['provider']}
        value={draft.provider}
        onChange={(provider) => onChange({ ...draft, provider })}
      />
      <FormField
        label="Model"
        isRequired
        problem={problems['model']}
        value={draft.model}
        onChange={(model) => onChange({ ...draft, model })}
      />
      {rateKinds.map((kind) => (
        <FormField
          key={kind}
          label={labels[kind]}
          inputMode="decimal"
          maxLength={20}
          isRequired={kind === 'input' || kind === 'output'}
          hint={hints[kind]}
          problem={problems[kind]}
          value={draft.rates[kind] ?? ''}
          onChange={(text) => onChange({ ...draft, rates: { ...draft.rates, [kind]: text } })}
        />
      ))}
      <FormField
        label="Holds from"
        type="date"
        hint="From now on, if left empty"
        problem={problems['from']}
        value={draft.from}
        onChange={(from) => onChange({ ...draft, from })}
      />
      <FormField
        className={styles.wide}
        label="Note"
        hint="Why, for those who come after"
        problem={problems['note']}
        value={draft.note}
        onChange={(note) => onChange({ ...draft, note })}
      />
    </>
  );
}
