// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { draw, soon, type } from '../../../parts/drawForTesting';
import type { Asked, Drawn } from '../../../parts/drawForTesting';
import { makeRunState, ran } from '../runFixture';
import { Judgements } from './Judgements';

const spans = [ran('s1', undefined, 0, 4), ran('s2', 's1', 1, 2)];

const scoreOf = (id: string, changes: object = {}): object => ({
  id,
  name: 'quality',
  value: 0.8,
  label: null,
  trace_id: 't1',
  span_id: null,
  session_id: null,
  comment: null,
  source: 'person',
  author: null,
  timestamp: '2026-01-02T03:04:05Z',
  ...changes,
});

const noteOf = (id: string, text: string): object => ({
  id,
  trace_id: 't1',
  span_id: null,
  session_id: null,
  text,
  author: 'ada',
  timestamp: '2026-01-02T03:04:05Z',
});

/** Answers the lists, and everything else with what is given. */
function answers(lists: { scores?: object[]; notes?: object[] }, other: unknown = {}) {
  return ({ method, path }: Asked): unknown => {
    if (method !== 'GET') return other;
    return path.startsWith('/api/v1/scores')
      ? { scores: lists.scores ?? [], next_cursor: null }
      : { annotations: lists.notes ?? [], next_cursor: null };
  };
}

async function open(drawn: Drawn, title: string): Promise<void> {
  await soon(() => expect(drawn.text()).toContain(title));
  const fold = [...drawn.box.querySelectorAll('details')].find((one) =>
    one.textContent.includes(title),
  );
  if (fold === undefined) throw new Error(`nothing to open: ${title}`);
  fold.open = true;
  fold.dispatchEvent(new Event('toggle'));
}

const form = (drawn: Drawn, label: string) =>
  drawn.box.querySelector(`form[aria-label="${label}"]`);

function submit(of: ReturnType<typeof form>): void {
  of?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
}

describe('scores and notes', () => {
  it('of a run are shown with those of its steps, which they lead to', async () => {
    const state = makeRunState(spans);
    const scores = [scoreOf('a'), scoreOf('b', { name: 'tone', value: true, span_id: 's2' })];
    const drawn = draw(
      <Judgements state={state} spanId={undefined} />,
      '/runs/t1',
      answers({ scores, notes: [noteOf('n', 'Look here.')] }),
    );
    await soon(() => expect(drawn.box.querySelectorAll('li')).toHaveLength(3));
    expect(drawn.text()).toContain('quality 0.8');
    expect(drawn.text()).toContain('tone yes');
    expect(drawn.text()).toContain('ada');
    drawn.button('Show the step').click();
    expect(state.select).toHaveBeenCalledWith('s2');
  });

  it('of a step are its own', async () => {
    const scores = [scoreOf('a'), scoreOf('b', { name: 'tone', span_id: 's2' })];
    const drawn = draw(
      <Judgements state={makeRunState(spans)} spanId="s2" />,
      '/runs/t1',
      answers({ scores }),
    );
    await soon(() => expect(drawn.box.querySelectorAll('li')).toHaveLength(1));
    expect(drawn.text()).toContain('tone');
    expect(drawn.text()).not.toContain('Show the step');
  });

  it('are said not to be there, or not to be known', async () => {
    let isDown = true;
    const drawn = draw(
      <Judgements state={makeRunState(spans)} spanId={undefined} />,
      '/runs/t1',
      (asked) => (isDown ? 503 : answers({})(asked)),
    );
    await soon(() => expect(drawn.text()).toContain('Cannot load scores and notes'));
    expect(drawn.text()).not.toContain('Nobody has judged this yet');
    isDown = false;
    drawn.button('Try again').click();
    await soon(() => expect(drawn.text()).toContain('Nobody has judged this yet'));
  });

  it('are given with a name and a value', async () => {
    const drawn = draw(
      <Judgements state={makeRunState(spans)} spanId="s2" />,
      '/runs/t1',
      answers({}),
    );
    await open(drawn, 'Give a score');
    await soon(() => expect(form(drawn, 'Give a score')).toBeInstanceOf(Element));
    submit(form(drawn, 'Give a score'));
    await soon(() => expect(drawn.box.querySelectorAll('[role=alert]')).toHaveLength(2));
    const [name, value] = form(drawn, 'Give a score')?.querySelectorAll('input') ?? [];
    type(name, ' tone ');
    type(value, 'friendly');
    type(form(drawn, 'Give a score')?.querySelector('textarea'), 'Polite.');
    await soon(() => expect(drawn.box.querySelectorAll('[role=alert]')).toHaveLength(0));
    submit(form(drawn, 'Give a score'));
    await soon(() =>
      expect(drawn.asked.find(({ method }) => method === 'POST')?.body).toEqual({
        trace_id: 't1',
        span_id: 's2',
        name: 'tone',
        value: 'friendly',
        comment: 'Polite.',
        source: 'person',
      }),
    );
    await soon(() => expect(name?.value).toBe(''));
  });

  it('that the server refuses stay in the form', async () => {
    const drawn = draw(
      <Judgements state={makeRunState(spans)} spanId={undefined} />,
      '/runs/t1',
      answers({}, 413),
    );
    await open(drawn, 'Write a note');
    await soon(() => expect(form(drawn, 'Write a note')).toBeInstanceOf(Element));
    const field = form(drawn, 'Write a note')?.querySelector('textarea');
    type(field, 'Too much');
    await soon(() => expect(field?.value).toBe('Too much'));
    submit(form(drawn, 'Write a note'));
    await soon(() => expect(drawn.text()).toContain('Cannot keep it: refused with 413'));
    expect(field?.value).toBe('Too much');
  });

  it('are deleted with a second press', async () => {
    const drawn = draw(
      <Judgements state={makeRunState(spans)} spanId={undefined} />,
      '/runs/t1',
      answers({ scores: [scoreOf('a')] }, { deleted: 1 }),
    );
    await soon(() => drawn.button('Delete the score quality…'));
    drawn.button('Delete the score quality…').click();
    await soon(() => drawn.button('Delete the score quality'));
    expect(drawn.asked.some(({ method }) => method === 'DELETE')).toBe(false);
    drawn.button('Delete the score quality').click();
    await soon(() =>
      expect(drawn.asked.find(({ method }) => method === 'DELETE')?.path).toBe('/api/v1/scores/a'),
    );
  });
});
