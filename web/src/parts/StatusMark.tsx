// SPDX-License-Identifier: Apache-2.0

import type { Status } from '../model/status';
import { StateMark } from '../ui/Tag';
import { statusTone } from './statusTone';

export function StatusMark(props: { readonly status: Status }) {
  return <StateMark tone={statusTone(props.status)}>{props.status}</StateMark>;
}
