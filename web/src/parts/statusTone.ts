// SPDX-License-Identifier: Apache-2.0

import { assertUnreachable } from '../base/assert';
import type { Status } from '../model/status';
import type { Tone } from '../ui/Tag';

export function statusTone(status: Status): Tone {
  switch (status) {
    case 'running':
      return 'running';
    case 'completed':
      return 'ok';
    case 'failed':
      return 'error';
    case 'abandoned':
      return 'warn';
    case 'cancelled':
    case 'unknown':
      return 'quiet';
    default:
      return assertUnreachable(status);
  }
}
