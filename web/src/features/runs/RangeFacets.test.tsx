// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest';
import type { RunFilter } from '../../model/filterFields';
import { draw, soon, type } from '../../parts/drawForTesting';
import type { Drawn } from '../../parts/drawForTesting';
import { RangeFacets } from './RangeFacets';

function show(filter: RunFilter) {
  const onChange = vi.fn();
  const drawn = draw(<RangeFacets filter={filter} onChange={onChange} />, '/runs', () => undefined);
  return { drawn, onChange };
}

function field(drawn: Drawn, name: string): HTMLInputElement {
  const found = drawn.box.querySelector(`input[aria-label="${name}"]`);
  if (!(found instanceof HTMLInputElement)) throw new Error(`no field “${name}”`);
  return found;
}

function submit(of: HTMLInputElement): void {
  of.form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
}

const least = 'Cost, dollars, at least';
const most = 'Cost, dollars, at most';

describe('the ranges of the list of runs', () => {
  it('are asked for with Enter, both ends at once', async () => {
    const { drawn, onChange } = show({ min_duration: '2' });
    await soon(() => expect(field(drawn, 'Duration, seconds, at least').value).toBe('2'));
    type(field(drawn, least), '0,05');
    type(field(drawn, most), ' 1 ');
    await soon(() => expect(field(drawn, most).value).toBe(' 1 '));
    submit(field(drawn, most));
    expect(onChange).toHaveBeenCalledExactlyOnceWith({ min_cost: '0.05', max_cost: '1' });
  });

  it('are asked for when they are left, and not between their ends', async () => {
    const { drawn, onChange } = show({});
    await soon(() => field(drawn, least));
    type(field(drawn, least), '3');
    await soon(() => expect(field(drawn, least).value).toBe('3'));
    const leave = (relatedTarget: HTMLElement | undefined): boolean =>
      field(drawn, least).dispatchEvent(
        new FocusEvent('focusout', {
          bubbles: true,
          relatedTarget: relatedTarget ?? document.body,
        }),
      );
    leave(field(drawn, most));
    expect(onChange).not.toHaveBeenCalled();
    leave(undefined);
    expect(onChange).toHaveBeenCalledExactlyOnceWith({ min_cost: '3', max_cost: undefined });
  });

  it.each([
    ['cheap', '', 'Needs a number of dollars'],
    ['-1', '', 'Needs a number of dollars'],
    ['2', '1', 'The first is the larger one'],
  ])('are not asked for with %s and %s', async (from, to, problem) => {
    const { drawn, onChange } = show({});
    await soon(() => field(drawn, least));
    type(field(drawn, least), from);
    type(field(drawn, most), to);
    await soon(() =>
      expect(drawn.box.querySelector('[role=alert]')?.textContent).toContain(problem),
    );
    submit(field(drawn, least));
    expect(onChange).not.toHaveBeenCalled();
  });

  it('follow the address, and Escape takes back what was typed', async () => {
    const { drawn, onChange } = show({ min_cost: '5' });
    await soon(() => expect(field(drawn, least).value).toBe('5'));
    type(field(drawn, least), '7');
    await soon(() => expect(field(drawn, least).value).toBe('7'));
    field(drawn, least).dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }),
    );
    await soon(() => expect(field(drawn, least).value).toBe('5'));
    drawn.draw(<RangeFacets filter={{}} onChange={onChange} />);
    await soon(() => expect(field(drawn, least).value).toBe(''));
  });
});
