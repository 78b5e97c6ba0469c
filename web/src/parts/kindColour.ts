// SPDX-License-Identifier: Apache-2.0

import type { SpanKind } from '../model/span';

/** The token of a kind's colour, for inline styles. */
export function kindColour(kind: SpanKind): string {
  return `var(--kind-${kind})`;
}
