// SPDX-License-Identifier: Apache-2.0

import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { SelectField } from '../../ui/SelectField';
import styles from './Dashboards.module.css';
import { wordsOf } from './texts';

export interface Choice {
  readonly name: string;
  readonly description: string;
}

/** Some of the names there are, in an order: the first one counts most. */
export function NamePicker(props: {
  readonly label: string;
  readonly addLabel: string;
  readonly hint: string;
  readonly chosen: readonly string[];
  readonly choices: readonly Choice[];
  readonly most: number;
  readonly onChange: (chosen: readonly string[]) => void;
}) {
  const { label, chosen, choices, most, onChange } = props;
  const others = choices.filter(({ name }) => !chosen.includes(name));
  return (
    <div className={styles.picker} role="group" aria-label={label}>
      <span className={styles.label}>{label}</span>
      {chosen.length > 0 && (
        <ul className={styles.chips} aria-label={`${label}: chosen`}>
          {chosen.map((name) => (
            <li key={name} title={choices.find((one) => one.name === name)?.description}>
              {wordsOf(name)}
              <Button
                fit="small"
                look="quiet"
                aria-label={`Take ${wordsOf(name)} away`}
                onClick={() => onChange(chosen.filter((one) => one !== name))}
              >
                <Icon name="close" size={11} />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {chosen.length < most && others.length > 0 && (
        <SelectField
          label={props.addLabel}
          value=""
          options={[
            { value: '', label: props.addLabel },
            ...others.map(({ name, description }) => ({
              value: name,
              label: description === '' ? wordsOf(name) : `${wordsOf(name)} – ${description}`,
            })),
          ]}
          onChange={(name) => name !== '' && onChange([...chosen, name])}
        />
      )}
      <span className={styles.hint}>{props.hint}</span>
    </div>
  );
}
