// SPDX-License-Identifier: Apache-2.0

import { useComparison } from '../../api/useComparison';
import { isBasket } from '../../model/comparison';
import { AnswerOf } from '../../parts/AnswerOf';
import { SumPage } from '../../parts/SumPage';
import { useAddress } from '../../parts/useAddress';
import { usePageScope } from '../../parts/usePageScope';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/Notice';
import { AskForm } from './AskForm';
import { BasketsCompared } from './BasketsCompared';
import styles from './Compare.module.css';
import { RunsCompared } from './RunsCompared';
import { texts } from './texts';

const usualTime = '7d';
const keys: readonly string[] = ['a', 'b', 'step', 'only'];

/** Two runs step by step, or two sets of runs by their figures. */
export function ComparePage() {
  const scope = usePageScope(usualTime, keys);
  const { search, change } = useAddress();
  const { a, b } = search;
  const isAsked = a !== undefined && b !== undefined;
  const isMixed = isAsked && isBasket(a) !== isBasket(b);
  const query = useComparison(isMixed ? undefined : a, isMixed ? undefined : b);
  return (
    <SumPage
      title={texts.title}
      scope={scope}
      isTimeless
      testId="compare-page"
      end={
        isAsked && (
          <div className={styles.actions}>
            <Button onClick={() => change({ a: b, b: a, step: undefined })}>Swap sides</Button>
            <Button onClick={() => change({ a: undefined, b: undefined, step: undefined })}>
              Compare others
            </Button>
          </div>
        )
      }
    >
      {!isAsked && <AskForm a={a} b={b} onAsk={change} />}
      {isMixed && <EmptyState title={texts.mixed} />}
      {isAsked && !isMixed && (
        <AnswerOf query={query} what="the comparison" lines={10}>
          {(comparison) =>
            comparison.of === 'runs' ? (
              <RunsCompared comparison={comparison} scope={scope.links} />
            ) : (
              <BasketsCompared comparison={comparison} scope={scope.links} />
            )
          }
        </AnswerOf>
      )}
    </SumPage>
  );
}
