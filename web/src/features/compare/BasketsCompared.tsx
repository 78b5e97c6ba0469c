// SPDX-License-Identifier: Apache-2.0

import {
  absent,
  formatCompact,
  formatCount,
  formatDuration,
  formatPercent,
  formatUsd,
  plural,
} from '../../base/format';
import type {
  Basket,
  BasketComparison,
  ComparedFigure,
  Estimate,
  FigureOfBasket,
} from '../../model/comparison';
import { basketSearch } from '../../model/basket';
import type { Difference } from '../../model/failures';
import type { SearchTexts } from '../../model/searchTexts';
import { DifferenceList } from '../../parts/DifferenceList';
import { RunsLink } from '../../parts/links';
import { Card, CardRow } from '../../ui/Card';
import { EmptyState, Note } from '../../ui/Notice';
import { StateMark } from '../../ui/Tag';
import styles from './Compare.module.css';
import { signed } from './signed';
import { figureLabels, texts, verdictOf } from './texts';

function formatFigure(id: ComparedFigure['id']): (value: number) => string {
  switch (id) {
    case 'duration':
      return formatDuration;
    case 'failure_rate':
      return (value) => formatPercent(Math.round(value * 10) / 10);
    case 'cost':
      return formatUsd;
    case 'total_tokens':
      return (value) => formatCompact(Math.round(value));
  }
}

/** Of rates the difference is in points. */
function formatDifference(id: ComparedFigure['id']): (value: number) => string {
  return id === 'failure_rate'
    ? (value) => `${Math.round(value * 10) / 10} points`
    : formatFigure(id);
}

/** Two sets of runs by their figures, with what can and cannot be said of the difference. */
export function BasketsCompared(props: {
  readonly comparison: BasketComparison;
  readonly scope: SearchTexts;
}) {
  const { comparison, scope } = props;
  return (
    <>
      <CardRow>
        <BasketHead title={texts.left} basket={comparison.a} />
        <BasketHead title={texts.right} basket={comparison.b} />
      </CardRow>
      {comparison.message !== undefined && <Note>{comparison.message}</Note>}
      {comparison.inBoth > 0 && (
        <Note>
          {plural(comparison.inBoth, 'run')} {comparison.inBoth === 1 ? 'is' : 'are'} on both sides,
          which makes them look alike.
        </Note>
      )}
      <Card title={texts.figures} testId="figures">
        <ul className={styles.figures}>
          {comparison.figures.map((figure) => (
            <FigureRow key={figure.id} figure={figure} />
          ))}
        </ul>
      </Card>
      <CardRow>
        <More
          title={texts.moreInA}
          side="are on the left"
          found={comparison.moreInA}
          scope={scope}
        />
        <More
          title={texts.moreInB}
          side="are on the right"
          found={comparison.moreInB}
          scope={scope}
        />
      </CardRow>
    </>
  );
}

function BasketHead(props: { readonly title: string; readonly basket: Basket }) {
  const { basket } = props;
  const search = basketSearch(basket.filter);
  return (
    <Card
      title={props.title}
      end={
        <RunsLink search={search}>
          {basket.hasMore ? 'the newest ' : ''}
          {plural(basket.runs, 'run')}
        </RunsLink>
      }
    >
      <ul className={styles.filter}>
        {Object.entries(search).map(([key, value]) => (
          <li key={key}>
            {key.replaceAll('_', ' ')} <bdi>{value}</bdi>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function FigureRow(props: { readonly figure: ComparedFigure }) {
  const { figure } = props;
  const format = formatFigure(figure.id);
  const more = formatDifference(figure.id);
  const verdict = verdictOf(figure.verdict);
  const most = Math.max(
    0,
    ...[figure.a, figure.b].map((side) => (side?.p95 ?? side?.middle)?.high ?? 0),
  );
  return (
    <li className={styles.compared} data-figure={figure.id} data-verdict={figure.verdict}>
      <h3>{figureLabels[figure.id]}</h3>
      <StateMark tone={verdict.tone}>{verdict.label}</StateMark>
      <p className={styles.muted}>
        {figure.difference === undefined ? (
          'The difference is not known.'
        ) : (
          <>
            right less left {signed(figure.difference, more)}
            {figure.low !== undefined && figure.high !== undefined && (
              <>
                , between {signed(figure.low, more)} and {signed(figure.high, more)}
              </>
            )}
          </>
        )}
      </p>
      <Side label="left" side={figure.a} most={most} format={format} />
      <Side label="right" side={figure.b} most={most} format={format} />
    </li>
  );
}

/** The middle and the p95 of one side, each with the interval it is known to lie in. */
function Side(props: {
  readonly label: string;
  readonly side: FigureOfBasket | undefined;
  readonly most: number;
  readonly format: (value: number) => string;
}) {
  const { label, side, most, format } = props;
  const place = (value: number): string => `${most > 0 ? (100 * value) / most : 0}%`;
  const range = (estimate: Estimate): string =>
    `${format(estimate.low)} – ${format(estimate.high)}`;
  return (
    <div className={styles.side}>
      <span className={styles.sideLabel}>{label}</span>
      <span className={styles.scale} aria-hidden="true">
        {[side?.middle, side?.p95].map((estimate, index) =>
          estimate === undefined ? undefined : (
            <span
              key={index}
              className={styles.interval}
              data-kind={index === 0 ? 'middle' : 'p95'}
              style={{
                left: place(estimate.low),
                right: `calc(100% - ${place(estimate.high)})`,
              }}
            />
          ),
        )}
      </span>
      <span className={styles.sideText}>
        {side === undefined ? (
          absent
        ) : (
          <>
            <strong title={`95 % sure: ${range(side.middle)}`}>{format(side.middle.value)}</strong>
            {side.p95 !== undefined && (
              <span title={`95 % sure: ${range(side.p95)}`}> p95 {format(side.p95.value)}</span>
            )}{' '}
            <span className={styles.muted}>of {formatCount(side.runs)}</span>
          </>
        )}
      </span>
    </div>
  );
}

function More(props: {
  readonly title: string;
  readonly side: string;
  readonly found: readonly Difference[];
  readonly scope: SearchTexts;
}) {
  return (
    <Card title={props.title}>
      {props.found.length === 0 ? (
        <EmptyState title={texts.nothingMore} isCompact />
      ) : (
        <DifferenceList differences={props.found} selected={props.side} scope={props.scope} />
      )}
    </Card>
  );
}
