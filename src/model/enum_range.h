// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/kinds.h"
#include "model/metric_point.h"
#include "model/money.h"
#include "model/run_status.h"

namespace sightline::model {

// The last value of each enum that is stored: what is read from disk is checked against it, because
// it would index arrays.

constexpr SpanKind LastOf(SpanKind /*any*/) {
  return SpanKind::kDb;
}

constexpr Dialect LastOf(Dialect /*any*/) {
  return Dialect::kCrewAi;
}

constexpr StatusCode LastOf(StatusCode /*any*/) {
  return StatusCode::kError;
}

constexpr UsageRule LastOf(UsageRule /*any*/) {
  return UsageRule::kThoughtsAdded;
}

constexpr CostStatus LastOf(CostStatus /*any*/) {
  return CostStatus::kUnpriced;
}

constexpr MetricType LastOf(MetricType /*any*/) {
  return MetricType::kSummary;
}

constexpr RunStatus LastOf(RunStatus /*any*/) {
  return RunStatus::kAbandoned;
}

}  // namespace sightline::model
