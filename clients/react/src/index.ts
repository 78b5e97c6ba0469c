// SPDX-License-Identifier: Apache-2.0
export type { ExecutionStatus, ExecutionStep, ExecutionUpdate } from './execution.js';
export type { ConnectionTiming } from './LiveConnection.js';
export type { HealthMetrics, ObservabilityMetrics, RealTimeMetrics } from './metrics.js';
export type { LiveOptions, LiveResult } from './useConnection.js';
export {
  type ExecutionUpdatesOptions,
  type ExecutionUpdatesResult,
  useExecutionUpdates,
} from './useExecutionUpdates.js';
export {
  type ObservabilityMetricsOptions,
  type ObservabilityMetricsResult,
  useObservabilityMetrics,
} from './useObservabilityMetrics.js';
