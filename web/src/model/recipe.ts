// SPDX-License-Identifier: Apache-2.0
// How a framework is told to send its telemetry here: programs and settings to paste.

import { isArray, isObject, readText } from '../base/json';

export interface Recipe {
  readonly id: string;
  readonly title: string;
  /** What installs it, empty where nothing is to be installed. */
  readonly install: string;
  /** The program or the settings. */
  readonly code: string;
  /** What starts it, empty where the code does. */
  readonly run: string;
  readonly note: string;
}

/** Where this server is, as seen from the browser. */
export interface Places {
  /** Of OTLP over HTTP. */
  readonly otlp: string;
  readonly web: string;
}

const usual: Places = { otlp: 'http://127.0.0.1:4318', web: 'http://127.0.0.1:8000' };

/** The recipes of a list, with their code from `files` by name; one without its file is left out. */
export function readRecipes(
  list: unknown,
  files: Readonly<Record<string, unknown>>,
): readonly Recipe[] {
  if (!isArray(list)) return [];
  return list.filter(isObject).flatMap((entry): Recipe[] => {
    const id = readText(entry, 'id');
    const code = readText(files, readText(entry, 'file') ?? '');
    if (id === undefined || code === undefined) return [];
    return [
      {
        id,
        code,
        title: readText(entry, 'title') ?? id,
        install: readText(entry, 'install') ?? '',
        run: readText(entry, 'run') ?? '',
        note: readText(entry, 'note') ?? '',
      },
    ];
  });
}

/** The same text with the places of this server in place of the usual ones. */
export function placed(text: string, places: Places): string {
  return text.replaceAll(usual.otlp, places.otlp).replaceAll(usual.web, places.web);
}
