// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { colourRows } from './barColours';
import { buildSpanTree, makeSpan } from './spanBuilder';

const tree = buildSpanTree([
  makeSpan('main', { agent: 'lead', startNs: 0n }),
  makeSpan('call', { parentId: 'main', model: 'gpt', startNs: 1n }),
  makeSpan('helper', { parentId: 'main', agent: 'scout', startNs: 2n }),
  makeSpan('inner', { parentId: 'helper', model: 'haiku', startNs: 3n }),
  makeSpan('again', { parentId: 'helper', agent: 'lead', model: 'gpt', startNs: 4n }),
  makeSpan('alone', { startNs: 5n }),
]);

describe('colourRows', () => {
  it.each([
    ['kind', [], []],
    ['agent', [0, 0, 1, 1, 0, -1], ['lead', 'scout']],
    ['model', [-1, 0, -1, 1, 0, -1], ['gpt', 'haiku']],
  ] as const)('%s', (colouring, places, names) => {
    const colours = colourRows(tree, colouring);
    expect([...colours.places]).toEqual(places);
    expect(colours.names).toEqual(names);
  });
});
