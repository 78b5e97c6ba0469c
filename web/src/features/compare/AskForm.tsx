// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useSums } from '../../api/sumQueries';
import { readPageScope } from '../../model/period';
import type { SearchTexts } from '../../model/searchTexts';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { TextField } from '../../ui/TextField';
import styles from './Compare.module.css';
import { texts } from './texts';

const scope = readPageScope({ t: '30d' }, '30d');
const question = { measures: ['count'], by: ['workflow_id'], of: 'runs', limit: 50 } as const;

/** For an address that does not say yet what to compare. */
export function AskForm(props: {
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly onAsk: (change: SearchTexts) => void;
}) {
  const [left, setLeft] = useState(props.a ?? '');
  const [right, setRight] = useState(props.b ?? '');
  const workflows = useSums(scope, question).data?.groups ?? [];
  const suggestions = workflows.map(({ keys }) =>
    new URLSearchParams({ workflow_id: keys['workflow_id'] ?? '' }).toString(),
  );
  const isReady = left.trim() !== '' && right.trim() !== '';
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (isReady) props.onAsk({ a: left.trim(), b: right.trim() });
  };
  return (
    <Card title={texts.ask}>
      <p className={styles.muted}>{texts.askHint}</p>
      <form className={styles.form} onSubmit={onSubmit}>
        <TextField
          label={texts.left}
          icon="search"
          value={left}
          onChange={setLeft}
          suggestions={suggestions}
        />
        <TextField
          label={texts.right}
          icon="search"
          value={right}
          onChange={setRight}
          suggestions={suggestions}
        />
        <Button type="submit" disabled={!isReady}>
          {texts.go}
        </Button>
      </form>
    </Card>
  );
}
