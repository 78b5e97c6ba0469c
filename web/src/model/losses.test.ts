// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readLosses } from './losses';

const text = `# HELP sightline_loss_total What was lost.
# TYPE sightline_loss_total counter
sightline_loss_total{name="span_repeated",severity="info"} 4
sightline_loss_total{name="task_failed",severity="error"} 1
sightline_loss_total{name="query_timed_out",severity="warning"} 0
sightline_ingest_spans_total 9
sightline_loss_total{name="odd",severity="unheard"} 3
`;

describe('readLosses', () => {
  it('gives the gravest first and none that did not happen', () => {
    expect(readLosses(text)).toEqual([
      { name: 'task_failed', severity: 'error', count: 1 },
      { name: 'span_repeated', severity: 'info', count: 4 },
    ]);
  });
  it('finds nothing in other texts', () => expect(readLosses('{}')).toEqual([]));
});
