// SPDX-License-Identifier: Apache-2.0

/** The figures above the list; each may be absent, and then nothing is claimed. */
export interface Figures {
  readonly running: number | undefined;
  readonly startedLast5Minutes: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly spansPerSecond: number | undefined;
  readonly costPerHour: number | undefined;
  readonly ingestLagMs: number | undefined;
  readonly failedLastHour: number | undefined;
  readonly failedRuns24h: number | undefined;
  readonly failedSteps24h: number | undefined;
  /** By fixed numbers of failures, whatever is usual on this server. */
  readonly healthStatus: 'healthy' | 'warning' | 'critical' | undefined;
  readonly successRate: number | undefined;
  readonly totalRuns: number | undefined;
}

export interface Overview extends Figures {
  readonly ports: Ports;
}

/** Where telemetry is received; undefined when the server does not say. */
export interface Ports {
  readonly otlpGrpc: number | undefined;
  readonly otlpHttp: number | undefined;
}
