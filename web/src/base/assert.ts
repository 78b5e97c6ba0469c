// SPDX-License-Identifier: Apache-2.0

/** Closes a switch over a union: adding a case without handling it fails to compile. */
export function assertUnreachable(value: never): never {
  throw new Error(`unreachable value: ${String(value)}`);
}
