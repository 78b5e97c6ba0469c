// SPDX-License-Identifier: Apache-2.0
// The timeline of a run with 50,000 spans: how much work a frame is while it is zoomed and moved. It is
// measured in turns with a plain canvas that is filled with rectangles once a frame, in time of the page's
// own thread, so that neither the speed of the machine nor other work on it decides.

import assert from 'node:assert/strict';
import { openPage, until } from './browser.mjs';
import { startMockServer } from './mock_server.mjs';

const frames = 60;
const rounds = 5;
/** A frame of the timeline may cost so much of a frame of the plain canvas. */
const mostOfPlain = 1.5;
const plainRectangles = 6000;

/** Turns the wheel once a frame; every fourth time sideways. */
function turnWheel(count) {
  const tree = document.querySelector('[role=tree]');
  const box = tree.getBoundingClientRect();
  const turn = (frame) =>
    tree.dispatchEvent(
      new WheelEvent('wheel', {
        deltaX: frame % 4 === 3 ? 60 : 0,
        deltaY: frame % 4 === 3 ? 0 : frame < count / 2 ? -40 : 40,
        clientX: box.x + box.width * 0.4,
        clientY: box.y + 40,
        ctrlKey: frame % 4 !== 3,
        bubbles: true,
        cancelable: true,
      }),
    );
  return new Promise((done) => {
    let frame = 0;
    const next = () => {
      turn(frame++);
      if (frame < count) requestAnimationFrame(next);
      else requestAnimationFrame(done);
    };
    requestAnimationFrame(next);
  });
}

async function secondsOfThread(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** Fills a canvas, as large as the timeline, with rectangles of as many colours, once a frame. */
function fillPlain({ count, rectangles }) {
  const box = document.querySelector('[role=tree]').getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position:fixed;inset:0;pointer-events:none;opacity:0.01';
  canvas.width = box.width;
  canvas.height = box.height;
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  const colours = ['#3b6ea5', '#a53b6e', '#6ea53b', '#555555'];
  const fill = (frame) => {
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let place = 0; place < rectangles; place++) {
      context.fillStyle = colours[place % colours.length];
      const x = (place * 7 + frame) % canvas.width;
      context.fillRect(x, (place * 20) % canvas.height, 3, 17);
    }
  };
  return new Promise((done) => {
    let frame = 0;
    const next = () => {
      fill(frame++);
      if (frame < count) return requestAnimationFrame(next);
      canvas.remove();
      requestAnimationFrame(done);
    };
    requestAnimationFrame(next);
  });
}

/** Milliseconds of the page's thread for a frame of each, the least of all rounds. */
async function measure(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const perFrame = async (work, argument) => {
    const before = await secondsOfThread(session);
    await page.evaluate(work, argument);
    return (((await secondsOfThread(session)) - before) * 1000) / frames;
  };
  let timeline = Infinity;
  let plain = Infinity;
  for (let round = 0; round < rounds; round++) {
    timeline = Math.min(timeline, await perFrame(turnWheel, frames));
    plain = Math.min(
      plain,
      await perFrame(fillPlain, { count: frames, rectangles: plainRectangles }),
    );
  }
  await session.detach();
  return { timeline, plain };
}

export async function runTimelineStates(browser, shoot) {
  const mock = await startMockServer();
  try {
    const { page, check } = await openPage(browser, mock.url);
    await page.goto('/runs/b16?view=time');
    await page.getByTestId('timeline').waitFor();
    await until(page, () =>
      document.querySelector('[data-testid=range-sums]')?.textContent.includes('50,000 spans'),
    );
    await shoot(page, 'timeline-50000');
    const { timeline, plain } = await measure(page);
    console.log(
      `  timeline of 50,000 spans: ${timeline.toFixed(1)} ms of its thread a frame;` +
        ` ${plainRectangles} plain rectangles: ${plain.toFixed(1)} ms`,
    );
    assert.ok(
      timeline <= mostOfPlain * plain,
      `${timeline} ms a frame, ${plain} ms for the plain one`,
    );
    await check();
  } finally {
    await mock.close();
  }
}
