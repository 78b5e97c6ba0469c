// SPDX-License-Identifier: Apache-2.0
#include "normalize/normalizer.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "base/loss.h"
#include "model/span.h"
#include "otlp/decode.h"
#include "otlp/encode.h"

namespace sightline::normalize {
namespace {

using model::Mark;
using model::SpanKind;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'770'000'000 * kSecond;

// One span in a request of its own, normalised.
class SpanNormalizer {
 public:
  std::vector<otlp::NamedValue> resource;
  otlp::ScopeData scope;
  otlp::SpanData span{.trace_id = std::string(16, '\x11'),
                      .span_id = std::string(8, '\x22'),
                      .name = "span",
                      .start_ns = static_cast<std::uint64_t>(kNow),
                      .end_ns = static_cast<std::uint64_t>(kNow + kSecond)};

  const model::Span& Run(std::vector<otlp::NamedValue> attributes) {
    span.attributes = std::move(attributes);
    body_ = otlp::EncodeTraces({.attributes = resource}, scope, std::span(&span, 1));
    EXPECT_TRUE(otlp::Decode(otlp::Signal::kTraces, body_, request_).has_value());
    auto context = normalizer_.Prepare(request_, arena_, kNow, &losses);
    out_ = {};
    outcome = normalizer_.NormalizeSpan(context, 0, out_);
    return out_;
  }

  SpanOutcome outcome = SpanOutcome::kSpan;
  base::LossTable losses;

 private:
  Normalizer normalizer_;
  otlp::Request request_;
  base::Arena arena_;
  std::string body_;
  model::Span out_;
};

TEST(NormalizerTest, ReadsAModelCallOfTheCurrentConventions) {
  SpanNormalizer run;
  const model::Span& span = run.Run({{"gen_ai.operation.name", "chat"},
                                     {"gen_ai.provider.name", "openai"},
                                     {"gen_ai.request.model", "gpt-5"},
                                     {"gen_ai.usage.input_tokens", 100},
                                     {"gen_ai.usage.output_tokens", "7"},
                                     {"my.own", "x"}});
  EXPECT_EQ(run.outcome, SpanOutcome::kSpan);
  EXPECT_EQ(span.kind, SpanKind::kLlm);
  EXPECT_EQ(span.dialect, model::Dialect::kGenAi);
  EXPECT_EQ(span.provider, "openai");
  EXPECT_EQ(span.request_model, "gpt-5");
  EXPECT_EQ(span.usage.total, 107);
  EXPECT_EQ(span.unmapped, R"(["my.own"])");
}

}  // namespace
}  // namespace sightline::normalize
