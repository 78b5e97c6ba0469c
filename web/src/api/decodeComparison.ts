// SPDX-License-Identifier: Apache-2.0

import {
  isObject,
  readBoolean,
  readNumber,
  readObject,
  readObjects,
  readText,
  readTexts,
} from '../base/json';
import { editKinds } from '../model/comparison';
import type {
  AlignedStep,
  Basket,
  BasketComparison,
  ChangedText,
  ComparedFigure,
  Comparison,
  Estimate,
  FigureDifference,
  FigureOfBasket,
  RunComparison,
} from '../model/comparison';
import { DecodeError } from './decodeError';
import { decodeDifference } from './decodeFailures';
import { decodeSpan } from './decodeSpan';
import { decodeRun } from './decodeTrace';
import type { Schemas, Wire } from './wire';

function decodeMore(difference: Wire<'FigureDifference'>): FigureDifference {
  return {
    seconds: readNumber(difference, 'duration'),
    tokens: readNumber(difference, 'total_tokens'),
    usd: readNumber(difference, 'cost'),
  };
}

function decodeChangedText(text: Wire<'ChangedText'> | undefined): ChangedText | undefined {
  if (text === undefined) return undefined;
  return {
    from: readNumber(text, 'from') ?? 0,
    a: readText(text, 'a') ?? '',
    b: readText(text, 'b') ?? '',
  };
}

function decodeStep(step: Wire<'AlignedStep'>): AlignedStep {
  const left = readObject(step, 'a');
  const right = readObject(step, 'b');
  const a = left === undefined ? undefined : decodeSpan(left);
  const b = right === undefined ? undefined : decodeSpan(right);
  if (a === undefined && b === undefined) throw new DecodeError('a step is in neither run');
  const changed: Wire<'ChangedFields'> = readObject(step, 'changed') ?? {};
  const difference = readObject(step, 'difference');
  return {
    id: `${a?.id ?? ''}-${b?.id ?? ''}`,
    a,
    b,
    edits: readTexts(step, 'edits'),
    input: decodeChangedText(readObject(changed, 'input')),
    output: decodeChangedText(readObject(changed, 'output')),
    hasOtherStatus: readObject(changed, 'status') !== undefined,
    difference: difference === undefined ? undefined : decodeMore(difference),
  };
}

function countEdits(counts: Wire<'EditCounts'>): RunComparison['edits'] {
  const [removed, added, moved, renamed, changed, retried] = editKinds.map(
    (kind) => readNumber(counts, kind) ?? 0,
  );
  return {
    removed: removed ?? 0,
    added: added ?? 0,
    moved: moved ?? 0,
    renamed: renamed ?? 0,
    changed: changed ?? 0,
    retried: retried ?? 0,
  };
}

function decodeRuns(answer: Wire<'RunComparison'>): RunComparison {
  const divergence: Wire<'Divergence'> | undefined = readObject(answer, 'first_divergence');
  return {
    of: 'runs',
    a: decodeRun(readObject(answer, 'a') ?? {}),
    b: decodeRun(readObject(answer, 'b') ?? {}),
    difference: decodeMore(readObject(answer, 'difference') ?? {}),
    edits: countEdits(readObject(answer, 'edits') ?? {}),
    partsAt:
      divergence === undefined
        ? undefined
        : `${readText(divergence, 'a') ?? ''}-${readText(divergence, 'b') ?? ''}`,
    steps: readObjects(answer, 'steps').map(decodeStep),
    leftOut: readNumber(answer, 'steps_left_out') ?? 0,
    isApproximate: readBoolean(answer, 'is_approximate') ?? false,
  };
}

function decodeEstimate(estimate: Wire<'EstimatedFigure'> | undefined): Estimate | undefined {
  const value = readNumber(estimate ?? {}, 'value');
  if (estimate === undefined || value === undefined) return undefined;
  return {
    value,
    low: readNumber(estimate, 'low') ?? value,
    high: readNumber(estimate, 'high') ?? value,
  };
}

function decodeDistribution(of: Wire<'Distribution'> | undefined): FigureOfBasket | undefined {
  const middle = decodeEstimate(readObject(of ?? {}, 'p50'));
  if (of === undefined || middle === undefined) return undefined;
  return {
    runs: readNumber(of, 'runs') ?? 0,
    middle,
    p95: decodeEstimate(readObject(of, 'p95')),
  };
}

function decodeRate(rate: Wire<'EstimatedRate'> | undefined): FigureOfBasket | undefined {
  const middle = decodeEstimate(rate);
  const runs = readNumber(rate ?? {}, 'runs') ?? 0;
  return middle === undefined || runs === 0 ? undefined : { runs, middle, p95: undefined };
}

type FigureId = keyof Schemas['ComparedFigures'];

function decodeFigure(figures: Wire<'ComparedFigures'>, id: FigureId): ComparedFigure {
  const figure: Wire<'ComparedFigure'> = readObject(figures, id) ?? {};
  return {
    id,
    a: decodeDistribution(readObject(figure, 'a')),
    b: decodeDistribution(readObject(figure, 'b')),
    difference: readNumber(figure, 'difference'),
    low: readNumber(figure, 'low'),
    high: readNumber(figure, 'high'),
    verdict: readText(figure, 'verdict') ?? 'not_enough_data',
  };
}

function decodeFailureRate(rate: Wire<'ComparedRate'>): ComparedFigure {
  return {
    id: 'failure_rate',
    a: decodeRate(readObject(rate, 'a')),
    b: decodeRate(readObject(rate, 'b')),
    difference: readNumber(rate, 'difference'),
    low: readNumber(rate, 'low'),
    high: readNumber(rate, 'high'),
    verdict: readText(rate, 'verdict') ?? 'not_enough_data',
  };
}

function decodeBasket(basket: Wire<'Basket'>): Basket {
  return {
    filter: readText(basket, 'filter') ?? '',
    runs: readNumber(basket, 'runs') ?? 0,
    hasMore: readBoolean(basket, 'has_more') ?? false,
  };
}

function decodeBaskets(answer: Wire<'BasketComparison'>): BasketComparison {
  const figures = readObject(answer, 'figures') ?? {};
  return {
    of: 'baskets',
    a: decodeBasket(readObject(answer, 'a') ?? {}),
    b: decodeBasket(readObject(answer, 'b') ?? {}),
    inBoth: readNumber(answer, 'in_both') ?? 0,
    message: readText(answer, 'message'),
    figures: [
      decodeFigure(figures, 'duration'),
      decodeFailureRate(readObject(answer, 'failure_rate') ?? {}),
      decodeFigure(figures, 'cost'),
      decodeFigure(figures, 'total_tokens'),
    ],
    moreInA: readObjects(answer, 'more_in_a').map(decodeDifference),
    moreInB: readObjects(answer, 'more_in_b').map(decodeDifference),
  };
}

export function decodeComparison(value: unknown): Comparison {
  if (!isObject(value)) throw new DecodeError('the comparison is not an object');
  const of = readText(value, 'of');
  if (of === 'runs') return decodeRuns(value);
  if (of === 'baskets') return decodeBaskets(value);
  throw new DecodeError('it is a comparison of neither runs nor baskets');
}
