// SPDX-License-Identifier: Apache-2.0
import type { AnySpan } from './anyMajor.js';
import type { Clock } from './clock.js';

/**
 * Resolves when the resources of the spans are complete, or after the timeout: detectors may still
 * be at work, and what they find says which service this is. Never rejects.
 */
export async function resourcesOf(
  spans: readonly AnySpan[],
  timeoutMs: number,
  clock: Clock,
): Promise<void> {
  const incomplete = new Set(
    spans.map((span) => span.resource).filter((resource) => resource.asyncAttributesPending),
  );
  if (incomplete.size === 0) return;
  let cancelTimeout = (): void => undefined;
  const timeout = new Promise<void>((resolve) => {
    cancelTimeout = clock.schedule(resolve, timeoutMs);
  });
  const complete = [...incomplete].map((resource) => resource.waitForAsyncAttributes?.());
  await Promise.race([Promise.allSettled(complete), timeout]);
  cancelTimeout();
}
