// SPDX-License-Identifier: Apache-2.0
// Values in a line, as people read them.

import { isArray, isObject } from '../base/json';

function flat(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function membersLine(members: readonly (readonly [string, unknown])[]): string {
  return members.map(([key, item]) => `${key}: ${flat(item)}`).join(', ');
}

/** The arguments of a call in Python, as tracers write them; undefined of anything else. */
function callLine(members: readonly (readonly [string, unknown])[]): string | undefined {
  const { args, kwargs = {}, ...others } = Object.fromEntries(members);
  if (!isArray(args) || !isObject(kwargs) || Object.keys(others).length > 0) return undefined;
  const named = Object.entries(kwargs);
  return [...args.map(flat), ...(named.length > 0 ? [membersLine(named)] : [])].join(', ');
}

/** Of an object with one member its value, which says what was meant; else all of it. */
export function valueLine(value: unknown): string {
  if (!isObject(value)) return flat(value);
  const members = Object.entries(value);
  const call = callLine(members);
  if (call !== undefined) return call;
  const [only] = members;
  return members.length === 1 && only !== undefined ? flat(only[1]) : membersLine(members);
}

const mark = '…';
/** A number that would be read as another one. */
const hugeNumber = /[:,[{]\s*-?\d{16}/;

/** The beginning of a text in JSON, with all that it leaves open closed. */
function closeJson(start: string): string {
  const open: string[] = [];
  let isInText = false;
  for (let at = 0; at < start.length; ++at) {
    const letter = start.charAt(at);
    if (isInText) {
      if (letter === '\\') ++at;
      else if (letter === '"') isInText = false;
    } else if (letter === '"') isInText = true;
    else if (letter === '{') open.push('}');
    else if (letter === '[') open.push(']');
    else if (letter === '}' || letter === ']') open.pop();
  }
  return start + (isInText ? '"' : '') + open.reverse().join('');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function jsonLine(text: string): string | undefined {
  if (!/^[{["]/.test(text) || hugeNumber.test(text)) return undefined;
  const isCut = text.endsWith(mark);
  const value = parse(isCut ? closeJson(text.slice(0, -mark.length)) : text);
  const said = isArray(value) ? textsLine(value) : value === undefined ? value : valueLine(value);
  if (said === undefined) return undefined;
  const line = said.replace(/\s+/g, ' ').trim();
  return isCut ? line + mark : line;
}

/** Texts of a list, which may be JSON themselves; undefined of a list of anything else. */
function textsLine(list: readonly unknown[]): string | undefined {
  const texts = list.filter((item) => typeof item === 'string');
  if (texts.length === 0 || texts.length < list.length) return undefined;
  return texts.map((text) => jsonLine(text) ?? text).join(', ');
}

const called = /^([\w.:-]+)\((\{.*)\)$/s;

/**
 * A preview of an input or an output: where it is JSON, what it says without its braces and quotes, and so
 * the arguments of a call of a tool; any other text as it is.
 */
export function plainLine(text: string): string {
  const [, name, args] = called.exec(text) ?? [];
  if (name === undefined || args === undefined) return jsonLine(text) ?? text;
  const line = jsonLine(args);
  return line === undefined ? text : `${name}(${line})`;
}
