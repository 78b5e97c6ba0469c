// SPDX-License-Identifier: Apache-2.0

/** The answer is not what the contract promises; the message names the field. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
