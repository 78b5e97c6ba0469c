// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './Button';
import { copyText } from './copyText';
import { Icon } from './Icon';
import type { IconName } from './Icon';

const thanksMs = 1500;

type Outcome = 'copied' | 'refused' | undefined;

const outcomeIcons: Readonly<Record<'copied' | 'refused', IconName>> = {
  copied: 'evaluator',
  refused: 'close',
};

function useCopy(text: string | (() => string)): {
  readonly outcome: Outcome;
  readonly copy: () => void;
} {
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), thanksMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    void copyText(typeof text === 'string' ? text : text()).then((isCopied) =>
      setOutcome(isCopied ? 'copied' : 'refused'),
    );
  };
  return { outcome, copy };
}

function outcomeText(outcome: Outcome): string {
  return outcome === undefined ? '' : outcome === 'copied' ? 'Copied' : 'Cannot copy';
}

/** Puts a text on the clipboard and says whether it did; with `children` as its face, else an icon. */
export function CopyButton(props: {
  /** A function for what is not known before it is pressed, such as the address of the page. */
  readonly text: string | (() => string);
  readonly label: string;
  readonly className?: string | undefined;
  readonly children?: ReactNode;
}) {
  const { outcome, copy } = useCopy(props.text);
  const hasFace = props.children !== undefined;
  const label = outcome === undefined ? props.label : outcomeText(outcome);
  return (
    <>
      <Button
        fit={hasFace ? 'small' : 'icon'}
        look="quiet"
        className={props.className}
        onClick={copy}
        title={label}
        aria-label={hasFace ? undefined : props.label}
      >
        <Icon name={outcome === undefined ? 'copy' : outcomeIcons[outcome]} />
        {hasFace && (outcome === undefined ? props.children : outcomeText(outcome))}
      </Button>
      <span role="status" className="visually-hidden">
        {outcomeText(outcome)}
      </span>
    </>
  );
}
