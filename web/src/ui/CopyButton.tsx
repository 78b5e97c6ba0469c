// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from 'react';
import { Button } from './Button';
import { Icon } from './Icon';

const thanksMs = 1500;

export function CopyButton(props: {
  readonly text: string;
  readonly label: string;
  readonly className?: string | undefined;
}) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), thanksMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    navigator.clipboard.writeText(props.text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  };
  const label =
    outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Cannot copy' : props.label;
  return (
    <Button
      fit="icon"
      look="quiet"
      className={props.className}
      onClick={copy}
      title={label}
      aria-label={label}
    >
      <Icon name={outcome === 'copied' ? 'evaluator' : outcome === 'refused' ? 'close' : 'copy'} />
    </Button>
  );
}
