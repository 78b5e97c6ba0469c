// SPDX-License-Identifier: Apache-2.0
// npm run e2e: the journey against the server named by SIGHTLINE_URL (else the mock server), then the
// states with the mock server, then the golden pictures. Screenshots go to SIGHTLINE_SCREENSHOTS. Needs `npm run build` first.

import { runAnswersJourney } from './answers_journey.mjs';
import { launchBrowser, makeCamera } from './browser.mjs';
import { runCallsJourney } from './calls_journey.mjs';
import { runCostJourney } from './cost_journey.mjs';
import { runDashboardJourney } from './dashboard_journey.mjs';
import { runFirstRunJourney } from './first_run_journey.mjs';
import { checkGoldenPictures } from './golden/golden.mjs';
import { runGroupsJourney } from './groups_journey.mjs';
import { runJourney } from './journey.mjs';
import { runRunsJourney } from './runs_journey.mjs';
import { runRunsStates } from './runs_states.mjs';
import { runJudgeJourney } from './judge_journey.mjs';
import { runLiveJourney } from './live_journey.mjs';
import { startMockServer } from './mock_server.mjs';
import { runSettingsJourney } from './settings_journey.mjs';
import { runStates } from './states.mjs';
import { runTasksJourney } from './tasks_journey.mjs';
import { runTimelineJourney } from './timeline_journey.mjs';
import { runTimelineStates } from './timeline_states.mjs';
import { runViewsJourney } from './views_journey.mjs';

const shoot = makeCamera();
const named = process.env.SIGHTLINE_URL?.replace(/\/$/, '');
const mock = named === undefined ? await startMockServer() : undefined;
const browser = await launchBrowser();
try {
  const url = named ?? mock.url;
  await runJourney(browser, url, shoot);
  console.log(`e2e: journey ok (${named === undefined ? 'mock server' : named})`);
  await runTimelineJourney(browser, url, shoot);
  console.log('e2e: a run over time, and its calls, ok');
  await runRunsJourney(browser, url, shoot);
  console.log('e2e: journey of the list of runs ok');
  // Needs a server that receives spans.
  if (named !== undefined) {
    await runLiveJourney(browser, url, shoot);
    console.log('e2e: live journey ok');
    await runAnswersJourney(browser, url, shoot);
    console.log('e2e: answers journey ok');
    await runCallsJourney(browser, url, shoot);
    await runCostJourney(browser, url, shoot);
    await runGroupsJourney(browser, url, shoot);
    await runDashboardJourney(browser, url, shoot);
    await runViewsJourney(browser, url, shoot);
    await runJudgeJourney(browser, url, shoot);
    await runSettingsJourney(browser, url, shoot);
    await runFirstRunJourney(browser, shoot);
    console.log('e2e: journeys of the other pages ok');
    await runTasksJourney(browser, shoot);
    console.log('e2e: tasks ok, each in three clicks at most');
  }
  if (process.env.SIGHTLINE_E2E !== 'journey') {
    await runStates(browser, shoot);
    await runRunsStates(browser, shoot);
    await runTimelineStates(browser, shoot);
    console.log('e2e: states ok');
    await checkGoldenPictures();
    console.log('e2e: golden pictures ok');
  }
} finally {
  await browser.close();
  await mock?.close();
}
