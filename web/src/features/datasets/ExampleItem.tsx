// SPDX-License-Identifier: Apache-2.0

import { useRef, useState } from 'react';
import { exampleLine, hasExpected } from '../../model/dataset';
import type { Example } from '../../model/dataset';
import type { SearchTexts } from '../../model/searchTexts';
import { ValueView } from '../../parts/BodyView';
import { RunLink } from '../../parts/links';
import { Button } from '../../ui/Button';
import { Fold } from '../../ui/Fold';
import { useClock } from '../../ui/useClock';
import styles from './Datasets.module.css';
import { ExpectedForm } from './ExpectedForm';
import { texts } from './texts';

interface Part {
  readonly label: string;
  readonly value: unknown;
}

function partsOf({ input, output, expected }: Example): readonly Part[] {
  return [
    { label: texts.input, value: input },
    { label: texts.output, value: output },
    { label: texts.expected, value: expected },
  ].filter(({ value }) => value !== null && value !== undefined);
}

/** What was given and what came of it, in a line each and whole; the run it is from, and the way out. */
export function ExampleItem(props: {
  readonly datasetId: string;
  readonly example: Example;
  readonly scope: SearchTexts;
  readonly onTakeOut: () => void;
}) {
  const { example } = props;
  const [isAsked, setAsked] = useState(false);
  const [isEdited, setEdited] = useState(false);
  const tools = useRef<HTMLSpanElement>(null);
  const clock = useClock();
  const parts = partsOf(example);
  const closeForm = (): void => {
    setEdited(false);
    tools.current?.querySelector('button')?.focus();
  };
  return (
    <li className={styles.item} data-example={example.id}>
      <div className={styles.line}>
        {example.traceId === undefined ? (
          <span className={styles.muted}>{texts.given}</span>
        ) : (
          <RunLink traceId={example.traceId} search={{ ...props.scope, span: example.spanId }}>
            {example.spanId === undefined ? texts.run : texts.step}
          </RunLink>
        )}
        <span className={styles.muted} title={clock.exact(example.createdNs)}>
          added {clock.moment(example.createdNs)}
        </span>
        <span ref={tools} className={styles.end}>
          <Button
            fit="small"
            look="quiet"
            aria-expanded={isEdited}
            onClick={() => setEdited(!isEdited)}
          >
            {hasExpected(example) ? texts.changeExpected : texts.setExpected}
          </Button>
          {/* One button for both presses, so that the focus stays where it is. */}
          <Button
            fit="small"
            look={isAsked ? 'normal' : 'quiet'}
            onBlur={() => setAsked(false)}
            onClick={isAsked ? props.onTakeOut : () => setAsked(true)}
          >
            {isAsked ? texts.takeItOut : texts.takeOut}
          </Button>
        </span>
      </div>
      <dl className={styles.said}>
        {parts.map(({ label, value }) => (
          <Line key={label} label={label} value={value} />
        ))}
      </dl>
      {isEdited && (
        <ExpectedForm datasetId={props.datasetId} example={example} onClose={closeForm} />
      )}
      <Fold title={texts.whole}>
        <div className={styles.whole}>
          {parts.map(({ label, value }) => (
            <section key={label} aria-label={label}>
              <h3>{label}</h3>
              <ValueView value={value} />
            </section>
          ))}
        </div>
      </Fold>
    </li>
  );
}

function Line({ label, value }: Part) {
  const line = exampleLine(value);
  return (
    <>
      <dt>{label}</dt>
      <dd dir="auto">{line.slice(0, 400)}</dd>
    </>
  );
}
