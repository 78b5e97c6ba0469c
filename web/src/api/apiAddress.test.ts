// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { apiAddress } from './apiAddress';

describe('apiAddress', () => {
  it('fills in what stands in braces, escaped', () => {
    expect(
      apiAddress(
        '/api/v1/monitoring/analytics/workflow/{workflow_id}',
        { days: 7 },
        { workflow_id: 'a/b c' },
      ),
    ).toBe('/api/v1/monitoring/analytics/workflow/a%2Fb%20c?days=7');
  });
  it('escapes parameters and leaves out those that are undefined', () => {
    expect(
      apiAddress('/api/v1/observability/aggregate', {
        measure: 'cost,count',
        by: undefined,
        workflow_id: 'a&b',
      }),
    ).toBe('/api/v1/observability/aggregate?measure=cost%2Ccount&workflow_id=a%26b');
  });
});
