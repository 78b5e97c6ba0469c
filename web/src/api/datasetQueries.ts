// SPDX-License-Identifier: Apache-2.0

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isObject, readNumber, readObjects, readText } from '../base/json';
import type { JsonObject } from '../base/json';
import type { Dataset, Example, ExamplePage, ExampleSource } from '../model/dataset';
import { DecodeError } from './decodeError';
import { readTime } from './decodeSpan';
import { getJson, sendJson } from './httpClient';
import type { Wire } from './wire';

const root = '/api/v1/datasets';

function pathOf(id: string): string {
  return `${root}/${encodeURIComponent(id)}`;
}

/** Where all examples can be had, one a line. */
export function exportPath(datasetId: string): string {
  return `${pathOf(datasetId)}/export`;
}

export function decodeDataset(value: unknown): Dataset {
  if (!isObject(value)) throw new DecodeError('a dataset is not an object');
  const dataset: Wire<'Dataset'> = value;
  const id = readText(dataset, 'id');
  if (id === undefined) throw new DecodeError('a dataset has no id');
  return {
    id,
    name: readText(dataset, 'name') ?? id,
    description: readText(dataset, 'description'),
    exampleCount: readNumber(dataset, 'examples') ?? 0,
    bytes: readNumber(dataset, 'bytes') ?? 0,
    updatedNs: readTime(dataset, 'updated_at'),
  };
}

function decodeDatasets(value: unknown): readonly Dataset[] {
  if (!isObject(value)) throw new DecodeError('the list of datasets is not an object');
  const list: Wire<'Datasets'> = value;
  return readObjects(list, 'datasets').map(decodeDataset);
}

function decodeExample(object: JsonObject): Example {
  const example: Wire<'Example'> = object;
  const id = readText(example, 'id');
  if (id === undefined) throw new DecodeError('an example has no id');
  return {
    id,
    input: example.input,
    output: example.output,
    expected: example.expected,
    traceId: readText(example, 'trace_id'),
    spanId: readText(example, 'span_id'),
    createdNs: readTime(example, 'created_at'),
  };
}

export function decodeExamplePage(value: unknown): ExamplePage {
  if (!isObject(value)) throw new DecodeError('the list of examples is not an object');
  const page: Wire<'ExamplePage'> = value;
  return {
    examples: readObjects(page, 'examples').map(decodeExample),
    nextCursor: readText(page, 'next_cursor'),
  };
}

export function useDatasets() {
  return useQuery({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => getJson(root, decodeDatasets, signal),
  });
}

export function useDataset(id: string) {
  return useQuery({
    queryKey: ['dataset', id],
    queryFn: ({ signal }) => getJson(pathOf(id), decodeDataset, signal),
  });
}

export function useExamples(datasetId: string) {
  return useInfiniteQuery({
    queryKey: ['examples', datasetId],
    queryFn: ({ signal, pageParam }) => {
      const cursor = pageParam === '' ? '' : `?cursor=${encodeURIComponent(pageParam)}`;
      return getJson(`${pathOf(datasetId)}/examples${cursor}`, decodeExamplePage, signal);
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
}

export interface DatasetNames {
  readonly name: string;
  readonly description?: string | undefined;
}

/** Making, renaming, deleting, adding and taking out; what is shown is read again whatever came of it. */
export function useDatasetChanges() {
  const client = useQueryClient();
  const shared = {
    networkMode: 'always' as const,
    onSettled: async (): Promise<void> => {
      await Promise.all(
        ['datasets', 'dataset', 'examples'].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      );
    },
  };
  const create = useMutation({
    ...shared,
    mutationFn: (names: DatasetNames) => sendJson('POST', root, names, decodeDataset),
  });
  const rename = useMutation({
    ...shared,
    mutationFn: ({ id, ...names }: DatasetNames & { readonly id: string }) =>
      sendJson('PUT', pathOf(id), names, decodeDataset),
  });
  const remove = useMutation({
    ...shared,
    // What is gone is not read again: its page would say so before it is left.
    onSettled: () => client.invalidateQueries({ queryKey: ['datasets'] }),
    mutationFn: (id: string) => sendJson('DELETE', pathOf(id), undefined, () => id),
  });
  const add = useMutation({
    ...shared,
    mutationFn: (example: ExampleSource & { readonly datasetId: string }) =>
      sendJson(
        'POST',
        `${pathOf(example.datasetId)}/examples`,
        { trace_id: example.traceId, span_id: example.spanId },
        () => example.datasetId,
      ),
  });
  const takeOut = useMutation({
    ...shared,
    mutationFn: (example: { readonly datasetId: string; readonly id: string }) =>
      sendJson(
        'DELETE',
        `${pathOf(example.datasetId)}/examples/${encodeURIComponent(example.id)}`,
        undefined,
        () => example.id,
      ),
  });
  const setExpected = useMutation({
    ...shared,
    mutationFn: (change: {
      readonly datasetId: string;
      readonly id: string;
      readonly expected: unknown;
    }) => {
      const body: Wire<'ExampleChange'> = { expected: change.expected };
      return sendJson(
        'PUT',
        `${pathOf(change.datasetId)}/examples/${encodeURIComponent(change.id)}`,
        body,
        () => change.id,
      );
    },
  });
  return { create, rename, remove, add, takeOut, setExpected };
}
