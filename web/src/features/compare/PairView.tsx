// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { absent, formatCompact, formatCount, formatDuration, formatUsd } from '../../base/format';
import type { AlignedStep, ChangedText } from '../../model/comparison';
import type { Run } from '../../model/run';
import type { SearchTexts } from '../../model/searchTexts';
import type { Span } from '../../model/span';
import { CostText } from '../../parts/CostText';
import { RunLink } from '../../parts/links';
import { StatusMark } from '../../parts/StatusMark';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/Notice';
import { WordDiff } from '../../ui/WordDiff';
import styles from './Compare.module.css';
import { signed } from './signed';
import { texts } from './texts';

interface PairFact {
  readonly label: string;
  readonly a: ReactNode;
  readonly b: ReactNode;
  readonly difference: ReactNode;
}

/** One fact of both steps; a dash for a step that one run has not. */
function fact(
  label: string,
  { a, b }: AlignedStep,
  cell: (span: Span) => ReactNode,
  difference: ReactNode,
): PairFact {
  const side = (span: Span | undefined): ReactNode => (span === undefined ? absent : cell(span));
  return { label, a: side(a), b: side(b), difference };
}

function factsOf(step: AlignedStep): readonly PairFact[] {
  const { a, b, difference } = step;
  const hasOtherModel = a !== undefined && b !== undefined && a.model !== b.model;
  return [
    fact(
      'Status',
      step,
      ({ status }) => <StatusMark status={status} />,
      step.hasOtherStatus ? 'another' : '',
    ),
    fact(
      'Duration',
      step,
      ({ durationSeconds }) => formatDuration(durationSeconds),
      signed(difference?.seconds, formatDuration),
    ),
    fact('Model', step, ({ model }) => model ?? absent, hasOtherModel ? 'another' : ''),
    fact(
      'Tokens',
      step,
      ({ usage }) => formatCompact(usage?.total),
      signed(difference?.tokens, formatCompact),
    ),
    fact('Cost', step, ({ cost }) => <CostText cost={cost} />, signed(difference?.usd, formatUsd)),
  ];
}

/** One pair of steps: what each says of itself, and their texts word by word. */
export function PairView(props: {
  readonly step: AlignedStep | undefined;
  readonly a: Run;
  readonly b: Run;
  readonly scope: SearchTexts;
}) {
  const { step, scope } = props;
  if (step === undefined)
    return (
      <Card title="The pair">
        <EmptyState title={texts.pick} isCompact />
      </Card>
    );
  const name = (step.b ?? step.a)?.name ?? '';
  const isPair = step.a !== undefined && step.b !== undefined;
  return (
    <Card title={name} testId="pair">
      <table className={styles.pair}>
        <caption className="visually-hidden">Both steps</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">
              <SideLink label={texts.left} run={props.a} span={step.a} scope={scope} />
            </th>
            <th scope="col">
              <SideLink label={texts.right} run={props.b} span={step.b} scope={scope} />
            </th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {factsOf(step).map(({ label, a, b, difference }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{a}</td>
              <td>{b}</td>
              <td>{difference}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isPair && step.input === undefined && step.output === undefined && (
        <p className={styles.muted}>{texts.noTexts}</p>
      )}
      <TextDiff title="Input" text={step.input} />
      <TextDiff title="Output" text={step.output} />
    </Card>
  );
}

function SideLink(props: {
  readonly label: string;
  readonly run: Run;
  readonly span: Span | undefined;
  readonly scope: SearchTexts;
}) {
  const { label, run, span, scope } = props;
  if (span === undefined) return <>{label}</>;
  return (
    <RunLink traceId={run.traceId} search={{ ...scope, span: span.id }}>
      {label}
    </RunLink>
  );
}

function TextDiff(props: { readonly title: string; readonly text: ChangedText | undefined }) {
  const { title, text } = props;
  if (text === undefined) return undefined;
  return (
    <section aria-label={title} data-testid={`diff-${title.toLowerCase()}`}>
      <h3>{title}</h3>
      {text.from > 0 && (
        <p className={styles.muted}>The first {formatCount(text.from)} bytes are the same.</p>
      )}
      <WordDiff left={text.a} right={text.b} leftLabel={texts.left} rightLabel={texts.right} />
    </section>
  );
}
