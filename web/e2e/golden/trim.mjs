// SPDX-License-Identifier: Apache-2.0
// Leaves out of recorded answers what no picture shows. What is left still follows the contract.

/** More items of a list than a picture has room for; executions are only counted. */
const mostItems = { traces: 24, spans: 24, sessions: 24, users: 24, executions: 1 };
/** As the list of runs asks for what a run was asked and answered. */
const turn = /\/traces\/(\w+)\/rows\?limit=60$/;
const orderedGroups = /\/aggregate\?.*&by=.*&bucket=.*&sort=-(\w+)/;
const askedKinds = ['agent', 'workflow', 'llm', 'task'];
const shownMetrics = /^sightline_(store|journal|loss)_/;

function trimLists(body) {
  const long = Object.entries(mostItems).filter(([name, most]) => body[name]?.length > most);
  if (long.length === 0) return body;
  const cut = long.map(([name, most]) => [name, body[name].slice(0, most)]);
  const end = 'next_cursor' in body ? { next_cursor: null } : {};
  return { ...body, ...Object.fromEntries(cut), ...end };
}

/** Many groups over time are drawn by the measure that orders them. */
function trimPoints(body, measure) {
  const trimPoint = ({ values, ...point }) => ({
    ...point,
    values: { [measure]: values[measure] },
  });
  const groups = body.groups.map((group) => ({
    ...group,
    points: group.points?.map(trimPoint) ?? null,
  }));
  return { ...body, groups };
}

const isText = (value) => typeof value === 'string';

/** The first row, and those that tell in its place what the run was asked, what it answered, why it failed. */
function trimTurn(body) {
  const { rows } = body;
  const [root] = rows;
  const isModel = (row) => isText(row.output_preview) && row.kind === 'llm';
  const kept = new Set([
    root,
    rows.find(isModel),
    isText(root?.input_preview)
      ? root
      : rows.find((row) => isText(row.input_preview) && askedKinds.includes(row.kind)),
    isText(root?.output_preview) ? root : rows.findLast(isModel),
    isText(root?.error_message) ? root : rows.find((row) => isText(row.error_message)),
  ]);
  return { ...body, rows: rows.filter((row) => kept.has(row)) };
}

function trimMetrics(text) {
  const lines = text.split('\n').filter((line) => shownMetrics.test(line));
  return `${lines.filter((line) => !/_total\{.* 0$/.test(line)).join('\n')}\n`;
}

function trim(answer) {
  const { request, status, body, text } = answer;
  if (status !== 200) return answer;
  if (request === 'GET /metrics') return { ...answer, text: trimMetrics(text) };
  // Only its version is shown.
  if (request === 'GET /openapi.json')
    return { ...answer, body: { ...body, paths: {}, components: {} } };
  const [, measure] = orderedGroups.exec(request) ?? [];
  if (measure !== undefined) return { ...answer, body: trimPoints(body, measure) };
  if (turn.test(request)) return { ...answer, body: trimTurn(body) };
  return body === undefined ? answer : { ...answer, body: trimLists(body) };
}

/** A list that is live goes on while it is recorded: what was asked of runs that its first answer lacks. */
function isListed(answer, lists) {
  const [, id] = turn.exec(answer.request) ?? [];
  return id === undefined || lists.some(({ trace_id: listed }) => listed === id);
}

export function trimAll(answers) {
  const trimmed = answers.map(trim);
  const lists = trimmed.flatMap(({ body }) => body?.traces ?? []);
  return trimmed.filter((answer) => isListed(answer, lists));
}
