// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useDatasetChanges } from '../../api/datasetQueries';
import { expectedText, readExpected } from '../../model/dataset';
import type { Example } from '../../model/dataset';
import { Button } from '../../ui/Button';
import { FormField } from '../../ui/FormField';
import styles from './Datasets.module.css';
import { most, texts } from './texts';

/** What the output of an example should be, to be written or taken away. */
export function ExpectedForm(props: {
  readonly datasetId: string;
  readonly example: Example;
  readonly onClose: () => void;
}) {
  const { datasetId, example, onClose } = props;
  const { setExpected } = useDatasetChanges();
  const [text, setText] = useState(() => expectedText(example.expected));
  const [problem, setProblem] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector('textarea')?.focus();
    form.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (setExpected.isPending) return;
    const read = readExpected(text, example.expected);
    setProblem(read.isValid ? undefined : texts.expectedNotJson);
    if (read.isValid)
      setExpected.mutate(
        { datasetId, id: example.id, expected: read.value },
        { onSuccess: onClose },
      );
  };
  const refused = setExpected.isError ? `Cannot keep it: ${setExpected.error.message}` : undefined;
  return (
    <form ref={form} className={styles.wide} aria-label={texts.expectedForm} onSubmit={onSubmit}>
      <FormField
        label={texts.expectedLabel}
        hint={texts.expectedHint}
        problem={problem ?? refused}
        rows={4}
        maxLength={most.expected}
        value={text}
        onChange={setText}
      />
      <div className={styles.line}>
        <Button type="submit" aria-disabled={setExpected.isPending}>
          {setExpected.isPending ? texts.saving : texts.save}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {texts.cancel}
        </Button>
      </div>
    </form>
  );
}
