// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "otlp/encode.h"
#include "otlp_oracle.pb.h"

namespace sightline::oracle {

// The oracle's messages as the plain values that otlp/encode.h takes.
std::vector<otlp::ResourceGroup<otlp::SpanData>> ToPlainData(const TraceRequest& request);
std::vector<otlp::ResourceGroup<otlp::LogData>> ToPlainData(const LogsRequest& request);
std::vector<otlp::ResourceGroup<otlp::MetricData>> ToPlainData(const MetricsRequest& request);

}  // namespace sightline::oracle
