// SPDX-License-Identifier: Apache-2.0
// Why runs fail: groups of failed runs with one problem, of one workflow or merged over several.

/** How often something took part, by its name. */
export type Shares = Readonly<Record<string, number>>;

export interface FailureGroup {
  readonly fingerprint: string;
  readonly title: string;
  readonly reason: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The newest first. */
  readonly traceIds: readonly string[];
  readonly agents: Shares;
  readonly models: Shares;
}

export interface RunCondition {
  readonly attribute: string;
  readonly op: string;
  readonly value: string | number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** What selected runs have in common that the others have not. */
export interface Difference {
  readonly conditions: readonly RunCondition[];
  readonly also: readonly RunCondition[];
  readonly runs: number;
  readonly selected: number;
  readonly lift: number;
  readonly traceIds: readonly string[];
}

export interface Suspect {
  readonly spanId: string;
  readonly agent: string | undefined;
  readonly probability: number;
  readonly evidence: readonly string[];
}

export interface Attribution {
  readonly traceId: string;
  readonly agent: string | undefined;
  readonly spanId: string | undefined;
  readonly unknownBecause: string | undefined;
  readonly suspects: readonly Suspect[];
}

export interface FailureAnalysis {
  readonly workflowId: string;
  readonly totalFailures: number;
  readonly failureRate: number;
  readonly analyzed: number;
  readonly byStep: Shares;
  readonly byAgent: Shares;
  readonly groups: readonly FailureGroup[];
  readonly searchedRuns: number;
  readonly differences: readonly Difference[];
  readonly attributions: readonly Attribution[];
}

/** `new`: not seen in the time before. `returning`: seen then, and quiet for a day and more since. */
export type Recurrence = 'new' | 'returning' | 'known' | 'unknown';

/** A problem over all workflows that have it. */
export interface ErrorGroup extends FailureGroup {
  /** Failed runs by workflow, the most first. */
  readonly workflows: readonly { readonly id: string; readonly count: number }[];
  readonly recurrence: Recurrence;
  /** The last time before the period. */
  readonly lastBeforeMs: number | undefined;
}

const quietMs = 86_400_000;

function addShares(left: Shares, right: Shares): Shares {
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function join(left: FailureGroup, right: FailureGroup): FailureGroup {
  const [newer, older] = left.lastMs >= right.lastMs ? [left, right] : [right, left];
  return {
    ...newer,
    count: left.count + right.count,
    firstMs: Math.min(left.firstMs, right.firstMs),
    traceIds: [...newer.traceIds, ...older.traceIds],
    agents: addShares(left.agents, right.agents),
    models: addShares(left.models, right.models),
  };
}

/** `isPastKnown`: whether the workflows that have the problem ran in the time before at all. */
function recurrenceOf(
  group: FailureGroup,
  lastBeforeMs: number | undefined,
  isPastKnown: boolean,
): Recurrence {
  if (!isPastKnown) return 'unknown';
  if (lastBeforeMs === undefined) return 'new';
  return group.firstMs - lastBeforeMs >= quietMs ? 'returning' : 'known';
}

/**
 * The groups of several workflows as one list, the most frequent first. A fingerprint is the same problem
 * wherever it is seen. `past` are the analyses of the time before; without them, and where no run of its
 * workflows was seen then, nothing is called new.
 */
export function mergeGroups(
  analyses: readonly FailureAnalysis[],
  past: readonly FailureAnalysis[] | undefined,
): readonly ErrorGroup[] {
  const before = new Map<string, number>();
  for (const { fingerprint, lastMs } of (past ?? []).flatMap(({ groups }) => groups))
    before.set(fingerprint, Math.max(lastMs, before.get(fingerprint) ?? 0));
  const ranBefore = new Set(
    (past ?? []).filter(({ searchedRuns }) => searchedRuns > 0).map(({ workflowId }) => workflowId),
  );
  const merged = new Map<string, { group: FailureGroup; workflows: Map<string, number> }>();
  for (const { workflowId, groups } of analyses) {
    for (const group of groups) {
      const known = merged.get(group.fingerprint);
      const workflows = known?.workflows ?? new Map<string, number>();
      workflows.set(workflowId, (workflows.get(workflowId) ?? 0) + group.count);
      merged.set(group.fingerprint, {
        group: known === undefined ? group : join(known.group, group),
        workflows,
      });
    }
  }
  return [...merged.values()]
    .map(({ group, workflows }) => {
      const lastBeforeMs = before.get(group.fingerprint);
      return {
        ...group,
        workflows: [...workflows]
          .map(([id, count]) => ({ id, count }))
          .sort((left, right) => right.count - left.count),
        recurrence: recurrenceOf(
          group,
          lastBeforeMs,
          [...workflows.keys()].some((id) => ranBefore.has(id)),
        ),
        lastBeforeMs,
      };
    })
    .sort((left, right) => right.count - left.count || right.lastMs - left.lastMs);
}

const attributeWords: Readonly<Record<string, string>> = {
  workflow_id: 'workflow',
  step_count: 'steps',
  model_calls: 'model calls',
  total_tokens: 'tokens',
  duration: 'duration in seconds',
  cost: 'cost in dollars',
  user_id: 'user',
  session_id: 'session',
};

function attributeWord(attribute: string): string {
  const known = attributeWords[attribute];
  if (known !== undefined) return known;
  return attribute.replace(/^(model|agent|service)\./, '$1 ').replaceAll('_', ' ');
}

/** A condition as a person says it: "tokens at least 2,000", "model gpt-4o took part". */
export function describeCondition(condition: RunCondition): string {
  const { op, value, low, high } = condition;
  const name = attributeWord(condition.attribute);
  const figure = (number: number | undefined): string =>
    number === undefined ? '?' : number.toLocaleString('en-US', { maximumSignificantDigits: 4 });
  const text = typeof value === 'number' ? figure(value) : (value ?? '?');
  switch (op) {
    case '=':
      return `${name} is ${text}`;
    case 'present':
      return /^(model|agent|service)\./.test(condition.attribute)
        ? `${name} took part`
        : `${name} is given`;
    case '>=':
      return `${name} at least ${text}`;
    case '<=':
      return `${name} at most ${text}`;
    case 'between':
      return `${name} from ${figure(low)} to ${figure(high)}`;
    default:
      return `${name} ${op} ${text}`;
  }
}
