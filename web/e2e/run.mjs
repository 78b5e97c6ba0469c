// SPDX-License-Identifier: Apache-2.0
// npm run e2e: the journey against the server named by SIGHTLINE_URL (else the mock server), then the
// states with the mock server. Screenshots go to SIGHTLINE_SCREENSHOTS. Needs `npm run build` first.

import { launchBrowser, makeCamera } from './browser.mjs';
import { runJourney } from './journey.mjs';
import { runLiveJourney } from './live_journey.mjs';
import { startMockServer } from './mock_server.mjs';
import { runStates } from './states.mjs';

const shoot = makeCamera();
const named = process.env.SIGHTLINE_URL?.replace(/\/$/, '');
const mock = named === undefined ? await startMockServer() : undefined;
const browser = await launchBrowser();
try {
  const url = named ?? mock.url;
  await runJourney(browser, url, shoot);
  console.log(`e2e: journey ok (${named === undefined ? 'mock server' : named})`);
  // Needs a server that receives spans.
  if (named !== undefined) {
    await runLiveJourney(browser, url, shoot);
    console.log('e2e: live journey ok');
  }
  if (process.env.SIGHTLINE_E2E !== 'journey') {
    await runStates(browser, shoot);
    console.log('e2e: states ok');
  }
} finally {
  await browser.close();
  await mock?.close();
}
