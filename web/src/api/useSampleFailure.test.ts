// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { makeSpan } from '../model/spanBuilder';
import { causeOf } from './useSampleFailure';

describe('causeOf', () => {
  it('is where the failure began, and not what passed it on', () => {
    const spans = [
      makeSpan('root', { status: 'failed' }),
      makeSpan('call', { parentId: 'root', status: 'failed' }),
      makeSpan('other', { parentId: 'root' }),
    ];
    expect(causeOf(spans)?.id).toBe('call');
  });
  it('is nothing where nothing failed', () => {
    expect(causeOf([makeSpan('root')])).toBeUndefined();
  });
});
