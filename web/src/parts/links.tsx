// SPDX-License-Identifier: Apache-2.0
// The ways from a figure or a name to what it stands for.

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SearchTexts } from '../model/searchTexts';

/** To the runs that a figure counts. */
export function RunsLink(props: {
  readonly search: SearchTexts;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <Link to="/runs" search={props.search} title={props.title}>
      {props.children}
    </Link>
  );
}

export function RunLink(props: {
  readonly traceId: string;
  readonly search: SearchTexts;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <Link
      to="/runs/$traceId"
      params={{ traceId: props.traceId }}
      search={props.search}
      title={props.title}
      dir="auto"
    >
      {props.children}
    </Link>
  );
}

export function WorkflowLink(props: { readonly name: string; readonly search: SearchTexts }) {
  const { name } = props;
  return (
    <Link to="/workflows/$name" params={{ name }} search={props.search} dir="auto" title={name}>
      {name}
    </Link>
  );
}

/** To the calls that a figure counts. */
export function CallsLink(props: {
  readonly search: SearchTexts;
  readonly children: ReactNode;
  readonly title?: string | undefined;
}) {
  return (
    <Link to="/calls" search={props.search} title={props.title}>
      {props.children}
    </Link>
  );
}
