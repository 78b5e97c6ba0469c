// SPDX-License-Identifier: Apache-2.0
// Counts of the runs of the mock server: values of fields, and runs over time.

function valueOf(run, field) {
  return field === 'model' ? `acme/${run.models[0]}` : (run[field] ?? '');
}

function inPeriod(run, query) {
  const from = query.get('start_time');
  const to = query.get('end_time');
  const at = Date.parse(run.start_time);
  return (from === null || at >= Date.parse(from)) && (to === null || at < Date.parse(to));
}

function periodOf(query) {
  const end = query.get('end_time') ?? new Date().toISOString();
  const days = Number(query.get('days') ?? 30);
  const start =
    query.get('start_time') ?? new Date(Date.parse(end) - days * 86_400_000).toISOString();
  return { start, end };
}

/** Counts the values of the fields that are asked for, the commonest first. */
export function countValues(query, runs) {
  const counted = runs.filter((run) => inPeriod(run, query));
  const facets = query
    .get('fields')
    .split(',')
    .map((field) => {
      const byValue = new Map();
      for (const run of counted) {
        const value = valueOf(run, field);
        const known = byValue.get(value) ?? { value, count: 0, failed: 0 };
        known.count += 1;
        if (run.status === 'failed') known.failed += 1;
        byValue.set(value, known);
      }
      const values = [...byValue.values()].sort((left, right) => right.count - left.count);
      return { field, total_values: values.length, values: values.slice(0, 50) };
    });
  return { of: query.get('of') ?? 'runs', facets, period: periodOf(query) };
}

/** Counts runs by status in every step of time of the period. */
export function countOverTime(query, runs) {
  const period = periodOf(query);
  const step = Number(query.get('bucket')) * 1000;
  const first = Math.floor(Date.parse(period.start) / step) * step;
  const buckets = [];
  for (let at = first; at < Date.parse(period.end); at += step) {
    const here = runs.filter((run) => {
      const start = Date.parse(run.start_time);
      return start >= at && start < at + step;
    });
    const values = {};
    for (const { status } of here) values[status] = (values[status] ?? 0) + 1;
    buckets.push({ time: new Date(at).toISOString(), values, total: here.length });
  }
  return { of: 'runs', bucket_seconds: step / 1000, buckets, period };
}
