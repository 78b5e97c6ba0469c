// SPDX-License-Identifier: Apache-2.0
// For tests only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "model/batch.h"
#include "model/ids_for_testing.h"
#include "model/span.h"

namespace sightline::live {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;
inline constexpr std::int64_t kMinuteNs = 60 * kSecondNs;

// A Sunday morning, at the start of a minute.
inline constexpr std::int64_t kStartNs = 1'772'366'400 * kSecondNs;

using model::SpanNumber;
using model::TraceNumber;

// A span in a few words. Times are seconds after kStartNs. Texts must outlive it.
class SpanBuilder {
 public:
  SpanBuilder(std::uint8_t trace, std::uint8_t span, std::uint8_t parent, model::SpanKind kind) {
    span_.trace_id = TraceNumber(trace);
    span_.span_id = SpanNumber(span);
    if (parent != 0) {
      span_.parent_span_id = SpanNumber(parent);
    }
    span_.kind = kind;
    span_.name = model::SpanKindName(kind);
    span_.service = "shop";
    Lasting(span, span + 1);
  }

  // One of more traces than fit a byte.
  SpanBuilder& Trace(std::uint32_t number) {
    span_.trace_id = LargeTraceNumber(number);
    return *this;
  }

  SpanBuilder& Span(std::uint32_t number) {
    for (std::size_t i = 0; i < 4; ++i) {
      span_.span_id.bytes[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    }
    return *this;
  }

  static model::TraceId LargeTraceNumber(std::uint32_t number) {
    model::TraceId id = TraceNumber(0);
    for (std::size_t i = 0; i < 4; ++i) {
      id.bytes[4 + i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return id;
  }

  SpanBuilder& Lasting(double from_s, double to_s) {
    span_.start_ns = kStartNs + static_cast<std::int64_t>(from_s * 1e9);
    span_.end_ns = kStartNs + static_cast<std::int64_t>(to_s * 1e9);
    return *this;
  }

  SpanBuilder& Between(std::int64_t start_ns, std::int64_t end_ns) {
    span_.start_ns = start_ns;
    span_.end_ns = end_ns;
    return *this;
  }

  // Started and not ended.
  SpanBuilder& Pending() {
    span_.end_ns = 0;
    span_.set_mark(model::Mark::kPlaceholder);
    return *this;
  }

  SpanBuilder& Failed(std::string_view type) {
    span_.has_error = true;
    span_.error_type = type;
    span_.error_message = "it broke";
    return *this;
  }

  SpanBuilder& Agent(std::string_view name) {
    span_.agent_name = name;
    return *this;
  }

  SpanBuilder& Workflow(std::string_view name) {
    span_.workflow_name = name;
    return *this;
  }

  SpanBuilder& Run(std::string_view id) {
    span_.run_id = id;
    return *this;
  }

  SpanBuilder& Version(std::string_view release, std::string_view environment = {}) {
    span_.release = release;
    span_.environment = environment;
    return *this;
  }

  // `list`: a JSON array.
  SpanBuilder& Tags(std::string_view list) {
    span_.tags = list;
    return *this;
  }

  SpanBuilder& Prompt(std::string_view name, std::string_view version) {
    span_.prompt_name = name;
    span_.prompt_version = version;
    return *this;
  }

  SpanBuilder& SentBy(model::Dialect dialect) {
    span_.dialect = dialect;
    return *this;
  }

  SpanBuilder& Arguments(std::uint64_t hash) {
    span_.arguments_hash = hash;
    return *this;
  }

  SpanBuilder& Cancelled() { return Failed("CancelledError"); }

  SpanBuilder& Tokens(std::int64_t input, std::int64_t output) {
    span_.provider = "acme";
    span_.request_model = "m";
    span_.usage.input_total = input;
    span_.usage.output_total = output;
    return *this;
  }

  const model::Span& span() const { return span_; }

 private:
  model::Span span_;
};

inline model::BatchPtr MakeBatch(std::uint64_t position, std::int64_t received_ns,
                                 std::span<const SpanBuilder> spans) {
  auto batch = std::make_shared<model::Batch>();
  batch->position = position;
  batch->received_ns = received_ns;
  for (const SpanBuilder& builder : spans) {
    const model::Span& span = builder.span();
    (span.has_mark(model::Mark::kPlaceholder) ? batch->pending : batch->spans).push_back(span);
  }
  return batch;
}

inline model::BatchPtr MakeBatch(std::uint64_t position, std::int64_t received_ns,
                                 std::initializer_list<SpanBuilder> spans) {
  return MakeBatch(position, received_ns, std::span(spans.begin(), spans.size()));
}

}  // namespace sightline::live
