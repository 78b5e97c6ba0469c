// SPDX-License-Identifier: Apache-2.0

import { useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { formatDuration } from '../../base/format';
import { stepDepths, stepVerdict } from '../../model/comparison';
import type { AlignedStep } from '../../model/comparison';
import { KindIcon } from '../../parts/KindIcon';
import { Button } from '../../ui/Button';
import { Tag } from '../../ui/Tag';
import { useShownCount } from './useShownCount';
import styles from './Compare.module.css';
import { signed } from './signed';
import { verdictTones } from './texts';

interface StepsProps {
  readonly steps: readonly AlignedStep[];
  /** Also those that are not shown: depths are told by their parents. */
  readonly all: readonly AlignedStep[];
  readonly chosenId: string | undefined;
  /** Where the runs part. */
  readonly partsAt: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** The steps of both runs, each pair in one row. Arrow keys walk, Enter chooses. */
export function AlignedSteps(props: StepsProps) {
  const { steps, all, chosenId } = props;
  const list = useRef<HTMLOListElement>(null);
  const depths = useMemo(() => {
    const found = stepDepths(all);
    return new Map(all.map((step, index) => [step.id, found[index] ?? 0]));
  }, [all]);
  const { shown, showMore } = useShownCount(steps.length);
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move === 0) return;
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[data-step]') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[at + move]?.focus();
    event.preventDefault();
  };
  return (
    <>
      {/* The buttons inside take the focus; the list only hears their keys. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ol className={styles.steps} ref={list} onKeyDown={onKeyDown}>
        {steps.slice(0, shown).map((step) => (
          <StepRow
            key={step.id}
            step={step}
            depth={depths.get(step.id) ?? 0}
            isChosen={step.id === chosenId}
            isParting={step.id === props.partsAt}
            onChoose={props.onChoose}
          />
        ))}
      </ol>
      {shown < steps.length && (
        <Button onClick={showMore}>Show more of {steps.length} steps</Button>
      )}
    </>
  );
}

function StepRow(props: {
  readonly step: AlignedStep;
  readonly depth: number;
  readonly isChosen: boolean;
  readonly isParting: boolean;
  readonly onChoose: (id: string) => void;
}) {
  const { step, depth } = props;
  const verdict = stepVerdict(step);
  const span = step.b ?? step.a;
  if (span === undefined) return undefined;
  return (
    <li>
      <button
        type="button"
        className={styles.step}
        data-step={step.id}
        data-verdict={verdict}
        aria-pressed={props.isChosen}
        onClick={() => props.onChoose(step.id)}
      >
        <span className={styles.name} style={{ paddingLeft: Math.min(depth, 8) * 14 }}>
          <KindIcon kind={span.kind} />
          <bdi>{span.name}</bdi>
          {props.isParting && <Tag tone="warn">the runs part here</Tag>}
        </span>
        <span className={styles.figure}>{formatDuration(step.a?.durationSeconds)}</span>
        <span className={styles.figure}>{formatDuration(step.b?.durationSeconds)}</span>
        <span className={styles.more}>{signed(step.difference?.seconds, formatDuration)}</span>
        <Tag tone={verdictTones[verdict]}>
          {verdict === 'changed' ? step.edits.join(', ') : verdict}
        </Tag>
      </button>
    </li>
  );
}
