// SPDX-License-Identifier: Apache-2.0

import { useRef } from 'react';
import type { ChangeEvent, ReactNode } from 'react';
import { Button } from './Button';

/** A button that asks for a file. The same file can be chosen again. */
export function FileButton(props: {
  /** What files are offered, as the attribute of an input takes it. */
  readonly accept: string;
  readonly onFile: (file: File) => void;
  readonly children: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  const onChange = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    if (file !== undefined) props.onFile(file);
    event.target.value = '';
  };
  return (
    <>
      <Button onClick={() => input.current?.click()}>{props.children}</Button>
      <input ref={input} type="file" hidden accept={props.accept} onChange={onChange} />
    </>
  );
}
