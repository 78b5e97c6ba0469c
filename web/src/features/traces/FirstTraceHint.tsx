// SPDX-License-Identifier: Apache-2.0

import { useOverview } from '../../api/queries';
import { CodeView } from '../../ui/CodeView';
import styles from './FirstTraceHint.module.css';

const defaultGrpcPort = 4317;
const defaultHttpPort = 4318;

function curlExample(httpBase: string): string {
  return `NOW=$(date +%s)
curl ${httpBase}/v1/traces \\
  -H 'content-type: application/json' -d '{
  "resourceSpans": [{ "scopeSpans": [{ "spans": [{
    "traceId": "'$(openssl rand -hex 16)'",
    "spanId": "'$(openssl rand -hex 8)'",
    "name": "invoke_agent hello",
    "startTimeUnixNano": "'$NOW'000000000",
    "endTimeUnixNano": "'$((NOW + 1))'000000000",
    "attributes": [{
      "key": "gen_ai.agent.name",
      "value": { "stringValue": "hello" }
    }, {
      "key": "gen_ai.operation.name",
      "value": { "stringValue": "invoke_agent" }
    }]
  }] }] }] }'`;
}

/** For a server that has received nothing yet: where to send the first trace, and how. */
export function FirstTraceHint() {
  const ports = useOverview().data?.ports;
  const host = window.location.hostname;
  const httpBase = `http://${host}:${ports?.otlpHttp ?? defaultHttpPort}`;
  const isGuess = ports?.otlpHttp === undefined;
  return (
    <div className={styles.hint} data-testid="first-trace">
      <h2>Send your first trace</h2>
      <p>
        Nothing has arrived yet. Point any OpenTelemetry exporter at this server; runs appear here
        within a moment.
      </p>
      <dl className={styles.ends}>
        <dt>OTLP over HTTP</dt>
        <dd>
          <code>{httpBase}</code>
        </dd>
        <dt>OTLP over gRPC</dt>
        <dd>
          <code>
            http://{host}:{ports?.otlpGrpc ?? defaultGrpcPort}
          </code>
        </dd>
        <dt>Any SDK</dt>
        <dd>
          <code>OTEL_EXPORTER_OTLP_ENDPOINT={httpBase}</code>
        </dd>
      </dl>
      {isGuess && <p>These are the usual ports; the server may have been started with others.</p>}
      <p>Or try it from a shell:</p>
      <CodeView value={curlExample(httpBase)} />
      <p>
        No agent at hand? <code>sightline demo</code> sends simulated runs, labelled as such.
      </p>
    </div>
  );
}
