// SPDX-License-Identifier: Apache-2.0
// The pages, and their main states, of which golden pictures are kept.
//
// `find` answers the address and is asked while the scene is recorded: it may look in the server for what is
// worth a picture, by `ask(path)`, which answers as the API does. `ready` appears once the page has its data;
// `act` does what a person does before the picture.

const root = '/api/v1/observability';

/** Of the runs that `ask` answers, the one with the most kinds of steps, agents and models. */
async function pickRun(ask, filter) {
  const { traces } = await ask(`${root}/traces?${filter}&limit=100&include=steps`);
  const variety = ({ spans, models, span_count: count }) =>
    new Set(spans.map((step) => step.kind)).size +
    new Set(spans.map((step) => step.agent_id)).size +
    models.length -
    Math.abs(count - 24) / 8;
  const [run] = traces.sort((left, right) => variety(right) - variety(left));
  return run;
}

const completedRun = (ask) => pickRun(ask, 'status=completed');

const viewOf = (view) => async (ask) => `/runs/${(await completedRun(ask)).trace_id}?view=${view}`;

export const scenes = [
  { name: 'overview', find: () => '/?t=1h', ready: '[data-testid=top-steps] td' },
  { name: 'run-transcript', find: viewOf('transcript'), ready: '[data-testid=transcript]' },
  {
    name: 'run-tree',
    find: async (ask) => `/runs/${(await pickRun(ask, 'status=failed')).trace_id}?view=tree`,
    ready: '[role=treeitem]',
  },
  { name: 'run-timeline', find: viewOf('time'), ready: '[data-testid=timeline]' },
  { name: 'run-calls', find: viewOf('calls'), ready: '[data-testid=calls]' },
];
