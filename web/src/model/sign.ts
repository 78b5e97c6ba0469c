// SPDX-License-Identifier: Apache-2.0

const signLabels = {
  step_overdue: 'Overdue',
  silent: 'Silent',
  repeated_call: 'Repeats',
  call_cycle: 'Loop',
  token_surge: 'Tokens',
  cost_surge: 'Cost',
} as const;

/** A sign that a run is in trouble, raised by the server while the run goes on. */
export interface Sign {
  readonly kind: string;
  /** The span it is about, if it is about one. */
  readonly spanId: string | undefined;
  readonly message: string;
  readonly raisedAtNs: bigint | undefined;
}

const labels: ReadonlyMap<string, string> = new Map(Object.entries(signLabels));

/** A word for a narrow place; a kind that this page has never heard of is called what the server calls it. */
export function signLabel(sign: Sign): string {
  return labels.get(sign.kind) ?? sign.kind.replaceAll('_', ' ');
}

/** What a tag says of all signs of a run: the latest, and how many more there are. */
export function summarizeSigns(signs: readonly Sign[]): string | undefined {
  const latest = signs.at(-1);
  if (latest === undefined) return undefined;
  return signs.length === 1 ? signLabel(latest) : `${signLabel(latest)} +${signs.length - 1}`;
}

/** The messages of the signs of each span, one below the other. */
export function signsBySpan(signs: readonly Sign[]): ReadonlyMap<string, string> {
  const messages = new Map<string, string>();
  for (const { spanId, message } of signs) {
    if (spanId === undefined) continue;
    const before = messages.get(spanId);
    messages.set(spanId, before === undefined ? message : `${before}\n${message}`);
  }
  return messages;
}
