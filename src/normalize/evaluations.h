// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/loss.h"
#include "model/log_record.h"
#include "model/span.h"
#include "normalize/slots.h"
#include "otlp/request.h"

namespace sightline::normalize {

// Judgements that arrive with telemetry: `gen_ai.evaluation.result` as a log record, as an event of
// a span or as attributes of the span itself, and OpenInference's annotations and evaluations of a
// span, its trace or its session. Answers are in the stored form of model/evaluation.h, "" for
// none. What has neither a score nor a label, or no name, is counted in `losses`, which may be
// null.

// `slots` holds the attributes of the span, `span` its ids, its times and its session.
std::string ReadSpanEvaluations(const Slots& slots, std::span<const otlp::KeyValue> attributes,
                                std::span<const otlp::SpanEvent> events,
                                const otlp::Request& request, const model::Span& span,
                                base::LossTable* losses);

// `record` has its name, its ids, its time and its session already.
std::string ReadLogEvaluation(std::span<const otlp::KeyValue> attributes,
                              const model::LogRecord& record, base::LossTable* losses);

}  // namespace sightline::normalize
