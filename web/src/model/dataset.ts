// SPDX-License-Identifier: Apache-2.0

import { prettyText } from '../base/jsonText';

/** A named list of examples, which are copies of what runs were given and made of it. */
export interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly exampleCount: number;
  /** Of the texts of its examples. */
  readonly bytes: number;
  readonly updatedNs: bigint | undefined;
}

export interface Example {
  readonly id: string;
  readonly input: unknown;
  readonly output: unknown;
  /** What the output should be; null while nobody has said it. */
  readonly expected: unknown;
  /** The run that it was copied from; undefined when it was given as it is. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly createdNs: bigint | undefined;
}

export interface ExamplePage {
  readonly examples: readonly Example[];
  readonly nextCursor: string | undefined;
}

export function hasExpected({ expected }: Example): boolean {
  return expected !== null && expected !== undefined;
}

/** What is expected, as it is edited: text as it is, other values as JSON. */
export function expectedText(expected: unknown): string {
  return expected === null ? '' : prettyText(expected);
}

/**
 * What was written in its place: text stays text and other values stay JSON; nothing written is nothing
 * expected, which is null.
 */
export function readExpected(
  text: string,
  before: unknown,
): { readonly isValid: true; readonly value: unknown } | { readonly isValid: false } {
  if (text.trim() === '') return { isValid: true, value: null };
  if (before === null || before === undefined || typeof before === 'string')
    return { isValid: true, value: text };
  try {
    return { isValid: true, value: JSON.parse(text) };
  } catch {
    return { isValid: false };
  }
}

/** What is copied into a dataset: a run, or a step of it. */
export interface ExampleSource {
  readonly traceId: string;
  readonly spanId: string | undefined;
}

/** Those whose name has the wanted text, whatever its case. */
export function findDatasets(datasets: readonly Dataset[], wanted: string): readonly Dataset[] {
  const text = wanted.trim().toLowerCase();
  return datasets.filter(({ name }) => name.toLowerCase().includes(text));
}

/** The text of the last message, if the value is a list of messages; else the value itself as one line. */
export function exampleLine(value: unknown): string {
  const text = typeof value === 'string' ? value : (lastText(value) ?? JSON.stringify(value));
  return text.replaceAll(/\s+/g, ' ').trim();
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function lastText(value: unknown): string | undefined {
  const messages = property(value, 'messages');
  if (!Array.isArray(messages)) return undefined;
  const parts: unknown = property(messages.at(-1), 'parts');
  if (!Array.isArray(parts)) return undefined;
  const texts = parts
    .map((part: unknown) => property(part, 'content'))
    .filter((content) => typeof content === 'string');
  return texts.length === 0 ? undefined : texts.join(' ');
}
