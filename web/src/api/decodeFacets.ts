// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObjects, readText } from '../base/json';
import type { FacetValue } from '../model/facets';
import { DecodeError } from './decodeError';
import { readTotal } from './readTotal';
import type { Wire } from './wire';

export interface CountedField {
  readonly field: string;
  readonly totalValues: number;
  readonly values: readonly FacetValue[];
}

function decodeValue(value: Wire<'FacetValue'>): FacetValue {
  const count = readNumber(value, 'count');
  if (count === undefined) throw new DecodeError('a value has no count');
  return { value: readText(value, 'value') ?? '', count, failed: readNumber(value, 'failed') ?? 0 };
}

export function decodeFacets(value: unknown): readonly CountedField[] {
  if (!isObject(value)) throw new DecodeError('the facets are not an object');
  const answer: Wire<'Facets'> = value;
  return readObjects(answer, 'facets').map((facet: Wire<'Facet'>) => {
    const field = readText(facet, 'field');
    if (field === undefined) throw new DecodeError('a facet has no field');
    const values = readObjects(facet, 'values').map(decodeValue);
    return { field, totalValues: readTotal(facet, 'total_values') ?? values.length, values };
  });
}
