// SPDX-License-Identifier: Apache-2.0

import type { FilterProblem } from '../model/filterFields';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/Notice';
import styles from './AddressProblems.module.css';
import type { SearchTexts } from '../model/searchTexts';

/**
 * In place of the list, for an address that asks for what nobody understands: a list without that filter
 * would show more than was asked for.
 */
export function AddressProblems(props: {
  readonly problems: readonly FilterProblem[];
  readonly onChange: (change: SearchTexts) => void;
}) {
  const { problems, onChange } = props;
  const removeAll = (): void =>
    onChange(Object.fromEntries(problems.map(({ key }) => [key, undefined])));
  return (
    <EmptyState title="This address asks for something that is no filter">
      <ul className={styles.problems} data-testid="address-problems">
        {problems.map((problem) => (
          <ProblemItem key={problem.key} problem={problem} onChange={onChange} />
        ))}
      </ul>
      <p>Nothing is listed, rather than more than was asked for.</p>
      <Button onClick={removeAll}>Leave {problems.length === 1 ? 'it' : 'them'} out</Button>
    </EmptyState>
  );
}

function ProblemItem(props: {
  readonly problem: FilterProblem;
  readonly onChange: (change: SearchTexts) => void;
}) {
  const { key, value, expected, nearest } = props.problem;
  return (
    <li>
      <code>
        {key}={value}
      </code>
      <span>{nearest === undefined ? `Expected: ${expected}.` : `Did you mean “${nearest}”?`}</span>
      {nearest !== undefined && (
        <Button fit="small" onClick={() => props.onChange({ [key]: undefined, [nearest]: value })}>
          Use {nearest}
        </Button>
      )}
    </li>
  );
}
