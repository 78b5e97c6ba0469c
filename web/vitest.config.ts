// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    // Components name their environment themselves, in their first line.
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
    // Formatting depends on the zone; tests state theirs.
    env: { TZ: 'UTC' },
    // Nothing waits; a machine with other work to do is slow, not wrong.
    testTimeout: 60_000,
  },
});
