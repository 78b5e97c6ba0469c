// SPDX-License-Identifier: Apache-2.0
// Finds on a server what is worth a picture, and tells it what people would have. Each answers an address.

const root = '/observability';

/** Whether most readers of a picture can read what the run was asked. */
async function isReadable(ask, { trace_id: id }) {
  const { rows } = await ask(`${root}/traces/${id}/rows?limit=1`);
  return /^[\x20-\x7e]+$/.test(rows[0].input_preview ?? '');
}

/** Of the runs that the filter leaves, the one with the most kinds of steps, agents and models. */
async function pickRun(ask, filter) {
  const { traces } = await ask(`${root}/traces?${filter}&limit=100&include=steps`);
  const variety = ({ spans, models, span_count: count }) =>
    new Set(spans.map((step) => step.kind)).size +
    new Set(spans.map((step) => step.agent_id)).size +
    models.length -
    Math.abs(count - 24) / 8;
  const runs = traces.sort((left, right) => variety(right) - variety(left));
  for (const run of runs) if (await isReadable(ask, run)) return run;
  throw new Error(`no run of ${filter} is worth a picture`);
}

const addressOf = ({ trace_id: id }, view) => `/runs/${id}?view=${view}`;

/** A view of a run that went well, or of one that did not. */
export const viewOf =
  (view, status = 'completed') =>
  async ({ ask }) =>
    addressOf(await pickRun(ask, `status=${status}`), view);

/** A call of a model in the tree of its run. */
export async function findStep({ ask }) {
  const run = await pickRun(ask, 'status=completed');
  const { rows } = await ask(`${root}/traces/${run.trace_id}/rows?limit=1000`);
  const call = rows.find(({ kind, output_preview: output }) => kind === 'llm' && output !== null);
  return `${addressOf(run, 'tree')}&span=${call.span_id}`;
}

/** The transcript of a run that people have judged. */
export async function findJudgedRun({ ask, tell }) {
  const run = await pickRun(ask, 'status=completed');
  const judged = { trace_id: run.trace_id };
  const { scores } = await ask(`/scores?trace_id=${run.trace_id}&limit=1`);
  if (scores.length === 0) {
    const score = (id, more) =>
      tell('/scores', { ...judged, id: `${run.trace_id}-${id}`, ...more });
    await score('helpful', {
      name: 'helpful',
      value: 0.8,
      comment: 'Clear, and it names its sources.',
    });
    await score('tone', { name: 'tone', value: 'friendly', author: 'dana' });
    await tell('/annotations', {
      ...judged,
      text: 'A good example to show to others.',
      author: 'dana',
    });
  }
  return addressOf(run, 'transcript');
}

/** The log of the smallest of the newest runs that wrote some lines. */
export async function findLog({ ask }) {
  const { logs } = await ask(`${root}/logs?limit=1000`);
  const counts = new Map();
  for (const { trace_id: id } of logs) counts.set(id, (counts.get(id) ?? 0) + 1);
  let smallest;
  for (const [id, count] of counts) {
    if (id === null || count < 3) continue;
    const [run] = (await ask(`${root}/traces?execution_id=${id}&limit=1`)).traces;
    if (smallest === undefined || run.span_count < smallest.span_count) smallest = run;
  }
  return addressOf(smallest, 'logs');
}

/** A run beside the list: not the first one, for runs go on to arrive above it. */
export async function findPeek({ ask }) {
  const { traces } = await ask(`${root}/traces?status=failed&limit=12`);
  return `/runs?t=1h&status=failed&run=${traces[3].trace_id}`;
}

/** The session, or user, whose number of runs is the nearest to what a page has room for. */
const findGroup =
  (kind, others, runs) =>
  async ({ ask }) => {
    const groups = (await ask(`${root}/${kind}s?limit=100`))[`${kind}s`];
    const distance = (group) =>
      Math.abs(group.runs - runs) + (group[others] > 1 ? 0 : 2) + (group.failed_runs > 0 ? 0 : 2);
    const [group] = groups
      .filter(({ calls }) => calls > 0)
      .sort((left, right) => distance(left) - distance(right));
    return `/${kind}s/${encodeURIComponent(group[`${kind}_id`])}`;
  };

export const findSession = findGroup('session', 'users_count', 4);
export const findUser = findGroup('user', 'sessions_count', 6);

/** The error that most runs of the workflow failed with. */
export async function findError({ ask }) {
  const path = '/enhanced-monitoring/analytics/failure-analysis/marina-support';
  const { groups } = await ask(path);
  const [{ fingerprint }] = groups;
  return `/errors/${encodeURIComponent(fingerprint)}?t=3h`;
}

/** Two runs of one workflow that are short and do not do the same. */
export async function findPair({ ask }) {
  const filter = 'workflow_id=docs_answers&status=completed&limit=100';
  const { traces } = await ask(`${root}/traces?${filter}`);
  const sizes = traces.map(({ span_count: count }) => count).sort((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)];
  const first = traces.find(({ span_count: count }) => count === usual);
  const second = traces.find(({ span_count: count }) => count > usual) ?? traces.at(-1);
  return `/compare?a=${first.trace_id}&b=${second.trace_id}`;
}

const datasets = [
  { name: 'Refunds that went wrong', description: 'Runs that somebody has looked at.' },
  { name: 'Long answers', description: 'For the next model: is it as thorough?' },
  { name: 'Questions of newcomers', description: '' },
];

/** The first dataset, filled unless it has been. */
async function keepDatasets({ ask, tell }) {
  const kept = (await ask('/datasets')).datasets;
  const known = kept.find(({ name }) => name === datasets[0].name);
  if (known !== undefined) return known;
  const { traces } = await ask(
    `${root}/traces?workflow_id=marina-support&status=completed&limit=9`,
  );
  const made = [];
  for (const [index, names] of datasets.entries()) {
    const dataset = await tell('/datasets', names);
    made.push(dataset);
    for (const { trace_id: id } of traces.slice(index * 8, index * 8 + 6 - index))
      await tell(`/datasets/${dataset.id}/examples`, { trace_id: id });
  }
  return made[0];
}

export async function findDatasets(api) {
  await keepDatasets(api);
  return '/datasets';
}

export const findDataset = async (api) => `/datasets/${(await keepDatasets(api)).id}`;
