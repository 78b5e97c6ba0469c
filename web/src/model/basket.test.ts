// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { basketSearch } from './basket';

describe('basketSearch', () => {
  it('says the same as the list of runs says it', () => {
    expect(
      basketSearch(
        'workflow_id=a%26b&start_time=2026-11-23T00:00:00Z&end_time=2026-11-24T00:00:00Z',
      ),
    ).toEqual({ workflow_id: 'a&b', from: '2026-11-23T00:00:00Z', to: '2026-11-24T00:00:00Z' });
  });
  it('keeps what it does not know, so that the list says so', () => {
    expect(basketSearch('colour=red')).toEqual({ colour: 'red' });
  });
});
