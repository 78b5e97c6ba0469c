// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObject, readObjects, readText, readTexts } from '../base/json';
import type { JsonObject } from '../base/json';
import type { Price, PricePage, Rate } from '../model/price';
import { DecodeError } from './decodeError';
import { readTime } from './decodeSpan';
import type { Wire } from './wire';

function decodeRate(rates: JsonObject, kind: string): Rate | undefined {
  const tiered: Wire<'TieredRate'> | undefined = readObject(rates, kind);
  if (tiered === undefined) {
    const usd = readNumber(rates, kind);
    return usd === undefined ? undefined : { kind, usd, tiers: [] };
  }
  const usd = readNumber(tiered, 'base');
  if (usd === undefined) return undefined;
  const tiers = readObjects(tiered, 'tiers').flatMap((tier) => {
    const start = readNumber(tier, 'start');
    const price = readNumber(tier, 'price');
    return start === undefined || price === undefined ? [] : [{ start, usd: price }];
  });
  return { kind, usd, tiers };
}

function decodeRates(rates: JsonObject | undefined): readonly Rate[] {
  return Object.keys(rates ?? {}).flatMap((kind) => {
    const rate = decodeRate(rates ?? {}, kind);
    return rate === undefined ? [] : [rate];
  });
}

export function decodePrice(value: unknown): Price {
  if (!isObject(value)) throw new DecodeError('the price is not an object');
  const price: Wire<'Price'> = value;
  return {
    provider: readText(price, 'provider') ?? '',
    model: readText(price, 'model') ?? '',
    source: readText(price, 'source') ?? '',
    version: readText(price, 'version') ?? '',
    rule: readText(price, 'rule') ?? '',
    fromNs: readTime(price, 'effective_from'),
    from: readText(price, 'effective_from'),
    untilNs: readTime(price, 'effective_until'),
    rates: decodeRates(readObject(price, 'prices')),
    perCall: decodeRates(readObject(price, 'per_call')),
    aliases: readTexts(price, 'aliases'),
    notCounted: readTexts(price, 'not_counted'),
    note: readText(price, 'note'),
  };
}

export function decodePricePage(value: unknown): PricePage {
  if (!isObject(value)) throw new DecodeError('the list of prices is not an object');
  const page: Wire<'PricePage'> = value;
  const prices = readObjects(page, 'prices').map(decodePrice);
  return {
    prices,
    total: readNumber(page, 'total') ?? prices.length,
    source: readText(page, 'source'),
    note: readText(page, 'note'),
    nextCursor: readText(page, 'next_cursor'),
  };
}
