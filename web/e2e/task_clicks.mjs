// SPDX-License-Identifier: Apache-2.0
// Clicks that are counted, so that what people do every day cannot grow longer unseen.

import assert from 'node:assert/strict';

const mostClicks = 3;

/** Clicks of one task; the one too many fails. What is typed, read or scrolled is not counted. */
export function countClicks(task) {
  let clicks = 0;
  const count = () => {
    clicks += 1;
    assert.ok(clicks <= mostClicks, `${task} takes more than ${mostClicks} clicks`);
  };
  return {
    click: async (locator) => {
      count();
      await locator.click();
    },
    /** A box that is ticked. */
    tick: async (locator) => {
      count();
      await locator.check();
    },
    count: () => clicks,
  };
}
