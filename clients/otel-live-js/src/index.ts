// SPDX-License-Identifier: Apache-2.0
export type { SpanFilter } from './filter.js';
export { LiveSpanProcessor } from './LiveSpanProcessor.js';
export type { LiveSpanOptions } from './options.js';
export type { LiveSpanStats } from './stats.js';
