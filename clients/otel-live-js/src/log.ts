// SPDX-License-Identifier: Apache-2.0
import { diag } from '@opentelemetry/api';

/** To the logger that the program gave OpenTelemetry, if any; what that one throws is ignored. */
export function log(level: 'warn' | 'debug', message: string): void {
  try {
    diag[level](`sightline: ${message}`);
  } catch {
    // There is nowhere left to say it.
  }
}
