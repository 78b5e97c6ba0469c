// SPDX-License-Identifier: Apache-2.0
// Reading values of unknown shape. Every reader answers `undefined` for "absent or of another type",
// so that one odd field costs that field and not the page. What must be there is checked by callers.

export type JsonObject = Readonly<Record<string, unknown>>;

/** The names that an object is known to have; any name for one of unknown shape. */
type Name<T> = keyof T & string;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A non-empty string. */
export function readText<T extends object>(object: T, key: Name<T>): string | undefined {
  const value: unknown = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number; decimal strings count, since 64-bit integers may travel as text. */
export function readNumber<T extends object>(object: T, key: Name<T>): number | undefined {
  const value: unknown = object[key];
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

export function readBoolean<T extends object>(object: T, key: Name<T>): boolean | undefined {
  const value: unknown = object[key];
  return typeof value === 'boolean' ? value : undefined;
}

export function readObject<T extends object>(object: T, key: Name<T>): JsonObject | undefined {
  const value: unknown = object[key];
  return isObject(value) ? value : undefined;
}

/** The objects of a list; an absent list is an empty one, members of other types are left out. */
export function readObjects<T extends object>(object: T, key: Name<T>): readonly JsonObject[] {
  const value: unknown = object[key];
  return isArray(value) ? value.filter(isObject) : [];
}

/** The strings of a list; an absent list is an empty one. */
export function readTexts<T extends object>(object: T, key: Name<T>): readonly string[] {
  const value: unknown = object[key];
  return isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** True for what carries nothing worth a panel: absent, null, '', [] and {}. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** Deeper values are left as text: nobody reads them as a tree, and drawing them would never end. */
const deepestShown = 64;

function isDeeperThan(value: unknown, levels: number): boolean {
  if (!isArray(value) && !isObject(value)) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

/** Text that is a JSON object or array as its value; everything else as it is. */
export function parseEmbeddedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (!text.startsWith('{') && !text.startsWith('[')) return value;
  try {
    const parsed: unknown = JSON.parse(text);
    return isDeeperThan(parsed, deepestShown) ? value : parsed;
  } catch {
    return value;
  }
}
