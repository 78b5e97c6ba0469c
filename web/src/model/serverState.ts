// SPDX-License-Identifier: Apache-2.0
// What a server says of its own data in the text that it gives to Prometheus.

/** A figure that the text does not have is absent, and then nothing is claimed. */
export interface ServerState {
  readonly spans: number | undefined;
  readonly runs: number | undefined;
  readonly days: number | undefined;
  readonly diskBytes: number | undefined;
  readonly waitingRows: number | undefined;
  readonly waitingBytes: number | undefined;
  readonly problems: number | undefined;
  readonly quarantined: number | undefined;
  readonly isJournalWritable: boolean | undefined;
  readonly isSealingFine: boolean | undefined;
}

export function readServerState(text: string): ServerState {
  const values = new Map(
    [...text.matchAll(/^(sightline_\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
  const figure = (name: string): number | undefined => {
    const value = values.get(`sightline_${name}`);
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  };
  const flag = (name: string): boolean | undefined => {
    const value = figure(name);
    return value === undefined ? undefined : value > 0;
  };
  return {
    spans: figure('store_spans'),
    runs: figure('store_runs'),
    days: figure('store_days'),
    diskBytes: figure('store_disk_bytes'),
    waitingRows: figure('store_unsealed_rows'),
    waitingBytes: figure('store_unsealed_bytes'),
    problems: figure('store_problems'),
    quarantined: figure('store_quarantined_batches'),
    isJournalWritable: flag('journal_writable'),
    isSealingFine: flag('store_sealing_ok'),
  };
}
