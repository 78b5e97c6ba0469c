// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readServerState } from './serverState';

const text = `# HELP sightline_store_spans Spans in day folders.
# TYPE sightline_store_spans gauge
sightline_store_spans 120
sightline_store_disk_bytes 4096
sightline_journal_writable 1
sightline_store_sealing_ok 0
sightline_loss_total{name="x",severity="info"} 3
`;

describe('readServerState', () => {
  it('reads the figures of the store', () => {
    expect(readServerState(text)).toMatchObject({
      spans: 120,
      diskBytes: 4096,
      isJournalWritable: true,
      isSealingFine: false,
    });
  });
  it('claims nothing about what is not said', () => {
    const values = Object.values(readServerState('what a proxy says'));
    expect(values.every((value) => value === undefined)).toBe(true);
  });
});
