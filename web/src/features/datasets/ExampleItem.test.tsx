// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Example } from '../../model/dataset';
import { draw, soon, type } from '../../parts/drawForTesting';
import type { Answers } from '../../parts/drawForTesting';
import { ExampleItem } from './ExampleItem';

const example: Example = {
  id: 'e1',
  input: 'Where is my bag?',
  output: 'In Oslo.',
  expected: null,
  traceId: undefined,
  spanId: undefined,
  createdNs: undefined,
};

function drawItem(answers: Answers) {
  return draw(
    <ExampleItem datasetId="d1" example={example} scope={{}} onTakeOut={() => undefined} />,
    '/datasets/d1',
    answers,
  );
}

async function write(drawn: ReturnType<typeof draw>, text: string): Promise<void> {
  await soon(() => expect(drawn.text()).toContain('Say what was expected'));
  drawn.button('Say what was expected').click();
  await soon(() => expect(drawn.box.querySelector('textarea')).toBe(document.activeElement));
  type(drawn.box.querySelector('textarea'), text);
  await soon(() => expect(drawn.box.querySelector('textarea')?.value).toBe(text));
  drawn.box
    .querySelector('form')
    ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
}

describe('what is expected of an example', () => {
  it('is kept, and the focus returns', async () => {
    const drawn = drawItem(() => ({ ...example, expected: 'In Rome.' }));
    await write(drawn, 'In Rome.');
    await soon(() => expect(drawn.box.querySelector('form')).toBeNull());
    expect(drawn.asked).toMatchObject([
      { method: 'PUT', path: '/api/v1/datasets/d1/examples/e1', body: { expected: 'In Rome.' } },
    ]);
    expect(document.activeElement).toBe(drawn.button('Say what was expected'));
  });

  it('stays as it was written while the server refuses it', async () => {
    const drawn = drawItem(() => 413);
    await write(drawn, 'In Rome.');
    await soon(() => expect(drawn.text()).toContain('Cannot keep it: refused with 413'));
    expect(drawn.box.querySelector('textarea')?.value).toBe('In Rome.');
    drawn.button('Cancel').click();
    await soon(() => expect(drawn.box.querySelector('form')).toBeNull());
  });

  it('waits for the answer', async () => {
    const drawn = drawItem(() => new Promise(() => undefined));
    await write(drawn, 'In Rome.');
    await soon(() => expect(drawn.text()).toContain('Saving…'));
    expect(drawn.button('Saving…').getAttribute('aria-disabled')).toBe('true');
  });
});
