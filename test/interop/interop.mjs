// SPDX-License-Identifier: Apache-2.0

// Runs clients from registries other than Debian's and reads their traces back. Such a client may
// be out of reach, so each ends as ok, FAILED or skipped with the reason; only FAILED fails.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { FIRST_PIECE_DELAY_MS, startFakeProvider } from '../e2e/clients/fake_provider.mjs';
import { openServer } from '../e2e/clients/server_under_test.mjs';
import {
  conversation,
  outline,
  readSession,
  spansOfKind,
  totalOf,
  usageOf,
} from '../e2e/clients/trace_reader.mjs';
import { startCollector } from './collector.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const WORK = path.join(HERE, '../../build/interop');
const PREPARE_TIMEOUT_MS = 600_000;
const RUN_TIMEOUT_MS = 120_000;

const SYSTEM = 'system: You are a weather assistant.';
const ASK_PARIS = 'user: What is the weather in Paris?';
const CALL_PARIS = 'assistant: call call_paris_1 get_weather({"city":"Paris"})';
const ANSWER_PARIS = 'assistant: It is 18 degrees and sunny in Paris.';
const STORY = 'assistant: Once upon a time a small span found its parent.';

const VENDOR_REPORTING_OFF = {
  DO_NOT_TRACK: '1',
  LANGSMITH_TRACING: 'false',
  LANGCHAIN_TRACING_V2: 'false',
  TRACELOOP_TELEMETRY: 'false',
  LOGFIRE_SEND_TO_LOGFIRE: 'false',
  GOTOOLCHAIN: 'local',
  GOTELEMETRY: 'off',
};

function run(command, args, { timeout, env = process.env, cwd = HERE }) {
  return new Promise((resolve, reject) => {
    const options = { timeout, env, cwd, killSignal: 'SIGKILL', maxBuffer: 1 << 26 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const output = `${stdout}${stderr}`.trim();
      if (error.code === 'ENOENT') return reject(new Error(`there is no ${command} here`));
      const how = error.killed ? `no end after ${timeout / 1000} s` : error.message.split('\n')[0];
      reject(Object.assign(new Error(how), { output }));
    });
  });
}

// --- How clients are installed --------------------------------------------------------------------

const prepared = new Map();

/** Prepares once per key; a failure is remembered, so it is not tried for every client. */
function once(key, prepare) {
  if (!prepared.has(key)) prepared.set(key, prepare());
  return prepared.get(key);
}

const prepareRun = (command, args, options = {}) =>
  run(command, args, { timeout: PREPARE_TIMEOUT_MS, ...options });

const pythonClient = (group, script) => ({
  prepare: () =>
    once(`python-${group}`, async () => {
      const venv = path.join(WORK, `venv-${group}`);
      const requirements = path.join(HERE, 'python', `requirements-${group}.txt`);
      await prepareRun('python3', ['-m', 'venv', venv]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      await prepareRun(path.join(venv, 'bin/python'), [...pip, '-r', requirements]);
    }),
  command: [path.join(WORK, `venv-${group}`, 'bin/python'), path.join(HERE, 'python', script)],
});

const goBinary = path.join(WORK, 'go-client');
const prepareGo = () =>
  once('go', () => prepareRun('go', ['build', '-o', goBinary, '.'], { cwd: path.join(HERE, 'go') }));

const javaTarget = path.join(WORK, 'java');
const pom = path.join(HERE, 'java/pom.xml');
const maven = ['-q', '-B', '-f', pom, `-Dinterop.target=${javaTarget}`];
const prepareJava = () =>
  once('java', async () => {
    const classpath = path.join(javaTarget, 'classpath.txt');
    const build = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${classpath}`];
    await prepareRun('mvn', [...maven, ...build]);
  });

const jsDirectory = path.join(WORK, 'js');
const prepareJs = () =>
  once('js', async () => {
    mkdirSync(jsDirectory, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc', 'vercel_ai_7.mjs']) {
      cpSync(path.join(HERE, 'js', file), path.join(jsDirectory, file));
    }
    await prepareRun('npm', ['ci', '--no-audit', '--no-fund'], { cwd: jsDirectory });
  });

// --- What must be seen ----------------------------------------------------------------------------

function assertUsage(trace, reported) {
  assert.deepEqual(spansOfKind(trace, 'llm').map(usageOf), reported);
  assert.equal(trace.total_tokens, totalOf(reported));
}

function assertParis(trace, { system = true, toolResult }) {
  const [first, second] = spansOfKind(trace, 'llm').map(conversation);
  const ask = system ? [SYSTEM, ASK_PARIS] : [ASK_PARIS];
  assert.deepEqual(first, { input: ask, output: [CALL_PARIS] });
  assert.deepEqual(second.input, [...ask, CALL_PARIS, `tool: result call_paris_1 ${toolResult}`]);
  assert.deepEqual(second.output, [ANSWER_PARIS]);
}

function checkTold([trace]) {
  assert.equal(
    outline(trace),
    ['agent invoke_agent weather-agent', '  llm', '  tool get_weather FAILED'].join('\n'),
  );
  assert.equal(trace.agent, 'weather-agent');
  assertUsage(trace, [{ input: 82, output: 17, cached: 0, reasoning: 0 }]);
  const [tool] = spansOfKind(trace, 'tool');
  assert.equal(tool.error_message, 'the weather station did not answer');
  assert.ok(tool.error_type);
}

function checkLangchain([trace], reported) {
  assert.equal(trace.agent, 'weather-agent');
  assert.equal(
    outline(trace),
    [
      'agent weather-agent',
      '  task model',
      '    llm',
      '  task tools',
      '    tool get_weather',
      '  task model',
      '    llm',
    ].join('\n'),
  );
  assertUsage(trace, reported);
  assertParis(trace, { toolResult: '18 degrees and sunny in Paris' });
}

function checkOpenaiAgents([trace], reported) {
  assert.equal(trace.agent, 'weather-agent');
  assert.equal(
    outline(trace),
    [
      'agent Agent workflow',
      '  task Agent workflow',
      '    agent weather-agent',
      '      task turn',
      '        llm',
      '        tool get_weather',
      '      task turn',
      '        llm',
    ].join('\n'),
  );
  assertUsage(trace, reported);
  assertParis(trace, { toolResult: '18 degrees and sunny in Paris' });
}

function checkOpenaiTraceloop([trace], reported) {
  assert.deepEqual(
    trace.spans.map((span) => span.kind).sort(),
    ['llm', 'llm', 'llm', 'other'],
  );
  // The stream's reasoning tokens are not sent.
  assertUsage(trace, reported.map((usage) => ({ ...usage, reasoning: 0 })));
  const streamed = spansOfKind(trace, 'llm')[2];
  assert.deepEqual(conversation(streamed).output, [STORY]);
  assert.ok(streamed.time_to_first_token * 1000 >= FIRST_PIECE_DELAY_MS);
  assertParis(trace, { system: false, toolResult: '18 degrees' });
}

function checkAnthropicTraceloop([trace], reported) {
  // The SDK traces each call too, beside the instrumentation's span of it: same response id.
  assert.equal(trace.total_tokens, totalOf(reported));
  const withMessages = spansOfKind(trace, 'llm').filter((span) => span.messages?.input?.length);
  assert.deepEqual(withMessages.map(usageOf), reported);
  assert.deepEqual(withMessages.map((span) => span.usage.cache_write ?? 0), [0, 16]);
  const [first, second] = withMessages.map(conversation);
  assert.deepEqual(first, { input: [SYSTEM, ASK_PARIS], output: [CALL_PARIS] });
  assert.match(second.input.at(-1), /result call_paris_1 .*18 degrees/);
  for (const span of withMessages) assert.equal(span.provider, 'anthropic');
}

function checkPydantic([trace], reported) {
  assert.equal(
    outline(trace),
    ['agent invoke_agent weather-agent', '  llm', '  tool get_weather', '  llm'].join('\n'),
  );
  assert.equal(trace.status, 'completed');
  assert.equal(trace.agent, 'weather-agent');
  assertUsage(trace, reported);
  const [first, second] = spansOfKind(trace, 'llm').map(conversation);
  assert.deepEqual(first, { input: [SYSTEM, ASK_PARIS], output: [CALL_PARIS] });
  assert.match(second.input.at(-1), /result call_paris_1 18 degrees and sunny in Paris/);
}

function checkVercel([weather, story], reported) {
  assert.equal(
    outline(weather),
    [
      'agent invoke_agent gpt-4o-mini',
      '  task step 1',
      '    llm',
      '    tool get_weather',
      '  task step 2',
      '    llm',
    ].join('\n'),
  );
  assert.equal(weather.agent, 'weather-agent');
  assertUsage(weather, reported.slice(0, 2));
  assert.equal(story.total_tokens, totalOf(reported.slice(2)));
  const [streamed] = spansOfKind(story, 'llm');
  assert.deepEqual(conversation(streamed).output, [STORY]);
  assert.ok(streamed.time_to_first_token * 1000 >= FIRST_PIECE_DELAY_MS);
}

// --- The clients ----------------------------------------------------------------------------------

const toldByGo = { prepare: prepareGo, command: [goBinary], spanCount: 3, check: checkTold };

const viaCollector = (exporter) => ({
  ...toldByGo,
  prepare: async () => {
    await prepareGo();
    await once('collector', () =>
      prepareRun('go', ['build', '-o', path.join(WORK, 'collector'), '.'], {
        cwd: path.join(HERE, 'collector'),
      }),
    );
  },
  protocol: 'http/protobuf',
  collector: exporter,
});

const CLIENTS = {
  'python-langchain-openinference': {
    ...pythonClient('openinference', 'langchain_openinference.py'),
    spanCount: 7,
    check: checkLangchain,
  },
  'python-openai-agents-openinference': {
    ...pythonClient('openinference', 'openai_agents_openinference.py'),
    spanCount: 8,
    check: checkOpenaiAgents,
  },
  'python-openai-traceloop': {
    ...pythonClient('traceloop', 'openai_traceloop.py'),
    spanCount: 4,
    check: checkOpenaiTraceloop,
  },
  'python-anthropic-traceloop': {
    ...pythonClient('traceloop', 'anthropic_traceloop.py'),
    spanCount: 5,
    check: checkAnthropicTraceloop,
  },
  'python-pydantic-ai-logfire': {
    ...pythonClient('pydantic', 'pydantic_ai_logfire.py'),
    spanCount: 4,
    check: checkPydantic,
  },
  'vercel-ai-7': {
    prepare: prepareJs,
    command: [process.execPath, path.join(jsDirectory, 'vercel_ai_7.mjs')],
    spanCount: 9,
    check: checkVercel,
  },
  'go-sdk-grpc': { ...toldByGo, protocol: 'grpc' },
  'go-sdk-http': { ...toldByGo, protocol: 'http/protobuf' },
  'java-sdk-grpc': {
    prepare: prepareJava,
    command: ['sh', path.join(HERE, 'java/run.sh'), javaTarget],
    protocol: 'grpc',
    spanCount: 3,
    check: checkTold,
  },
  'collector-grpc-gzip': viaCollector('grpc-gzip'),
  'collector-http-gzip': viaCollector('http-gzip'),
  'collector-http-zstd': viaCollector('http-zstd'),
  'collector-http-json': viaCollector('http-json'),
};

function environment(name, client, server, endpoint, provider, sessionId) {
  const keep = Object.entries(process.env).filter(([key]) => !/^(OTEL|SIGHTLINE|LOGFIRE)_/.test(key));
  return {
    ...Object.fromEntries(keep),
    ...VENDOR_REPORTING_OFF,
    PYTHONDONTWRITEBYTECODE: '1',
    OTEL_EXPORTER_OTLP_PROTOCOL: client.protocol ?? 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_SERVICE_NAME: `sightline-interop-${name}`,
    FAKE_PROVIDER_URL: provider.url,
    SIGHTLINE_HTTP: server.http,
    SESSION_ID: sessionId,
  };
}

async function runAndCheck(name, client, server) {
  const provider = await startFakeProvider();
  const collector = client.collector
    ? await startCollector(path.join(WORK, 'collector'), client.collector, server)
    : undefined;
  try {
    const sessionId = `${name}-${process.pid}-${Date.now()}`;
    const direct = client.protocol === 'grpc' ? server.otlpGrpc : server.otlpHttp;
    const endpoint = collector?.otlpHttp ?? direct;
    const env = environment(name, client, server, endpoint, provider, sessionId);
    const [command, ...args] = client.command;
    await run(command, args, { timeout: RUN_TIMEOUT_MS, env });
    const traces = await readSession(server.http, sessionId, client.spanCount);
    const rows = provider.ledger.filter((row) => row.usage);
    client.check(traces, rows.map(({ usage: { cacheWrite, ...usage } }) => usage));
  } finally {
    await Promise.all([provider.close(), collector?.stop()]);
  }
}

async function outcomeOf(name, client, server) {
  try {
    await client.prepare();
  } catch (error) {
    const last = error.output?.split('\n').filter(Boolean).at(-1);
    return { state: 'skipped', reason: `cannot be installed: ${last ?? error.message}` };
  }
  try {
    await runAndCheck(name, client, server);
    return { state: 'passed' };
  } catch (error) {
    return { state: 'failed', reason: [error.message, error.output].filter(Boolean).join('\n') };
  }
}

const SHOWN = { passed: 'ok', failed: 'FAILED', skipped: 'skipped' };

async function main() {
  if (!existsSync(WORK)) mkdirSync(WORK, { recursive: true });
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !CLIENTS[name]);
  if (unknown.length) throw new Error(`no client ${unknown.join(', ')}`);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const server = await openServer();
  try {
    for (const [name, client] of Object.entries(CLIENTS)) {
      if (wanted.length && !wanted.includes(name)) continue;
      const { state, reason } = await outcomeOf(name, client, server);
      counts[state] += 1;
      process.stdout.write(`${name}: ${SHOWN[state]}${reason ? `: ${reason}` : ''}\n`);
    }
  } finally {
    await server.stop();
  }
  const { passed, failed, skipped } = counts;
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
