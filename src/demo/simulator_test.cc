// SPDX-License-Identifier: Apache-2.0
#include "demo/simulator.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/hex.h"
#include "demo/services.h"
#include "otlp/decode.h"
#include "otlp/request.h"

namespace sightline::demo {
namespace {

constexpr std::int64_t kStartNs = 1'760'000'000'000'000'000;
constexpr std::int64_t kSecondNs = 1'000'000'000;

Simulator MakeSimulator(std::uint64_t seed) {
  return Simulator({.seed = seed, .start_ns = kStartNs, .runs_per_minute = 60});
}

base::Hash128 HashOf(Simulator simulator, int exports) {
  std::string digests;
  for (int i = 0; i < exports; ++i) {
    const Export next = simulator.Next();
    digests += std::to_string(next.time_ns) + std::to_string(base::HashBytes64(next.body));
  }
  return base::HashBytes128(digests);
}

// What a span says of itself, without views.
struct SeenSpan {
  std::string trace;
  std::string id;
  std::string parent;
  std::string name;
  std::string scope;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::int64_t sent_ns = 0;
  std::uint32_t status = 0;
  std::map<std::string, std::string> texts;  // String attributes.
  bool is_pending = false;
};

// Everything that a simulation sent up to a moment, decoded.
struct Seen {
  std::vector<SeenSpan> spans;  // In the order sent.
  std::map<std::string, std::size_t> counts;
  std::size_t resources = 0;
  std::size_t unmarked_resources = 0;
  std::size_t unmarked_items = 0;
  std::set<std::string> log_events;
  std::set<std::string> metrics;
};

bool IsMarked(const otlp::Request& request, const otlp::Resource& resource) {
  return std::ranges::any_of(
      request.Attributes(resource.attributes), [](const otlp::KeyValue& attribute) {
        return attribute.key == kDemoAttribute && attribute.value.kind == otlp::ValueKind::kBool &&
               attribute.value.integer == 1;
      });
}

void TakeSpans(const otlp::Request& request, std::int64_t sent_ns, Seen& seen) {
  for (const otlp::Span& span : request.spans) {
    SeenSpan found;
    found.trace = span.trace_id;
    found.id = span.span_id;
    found.parent = span.parent_span_id;
    found.name = span.name;
    found.scope = request.scopes[span.scope].name;
    found.start_ns = static_cast<std::int64_t>(span.start_ns);
    found.end_ns = static_cast<std::int64_t>(span.end_ns);
    found.sent_ns = sent_ns;
    found.status = span.status_code;
    for (const otlp::KeyValue& attribute : request.Attributes(span.attributes)) {
      if (attribute.value.kind == otlp::ValueKind::kString) {
        found.texts[std::string(attribute.key)] = attribute.value.bytes;
      }
    }
    const auto type = found.texts.find("logfire.span_type");
    found.is_pending = type != found.texts.end() && type->second == "pending_span";
    ++seen.counts[(found.is_pending ? "pending " : "spans ") + found.scope];
    seen.spans.push_back(std::move(found));
  }
}

Seen Watch(Simulator& simulator, std::int64_t until_ns) {
  Seen seen;
  otlp::Request request;
  for (Export next = simulator.Next(); next.time_ns <= until_ns; next = simulator.Next()) {
    EXPECT_TRUE(otlp::Decode(next.signal, next.body, request).has_value());
    seen.resources += request.resources.size();
    for (const otlp::Resource& resource : request.resources) {
      seen.unmarked_resources += IsMarked(request, resource) ? 0 : 1;
    }
    TakeSpans(request, next.time_ns, seen);
    for (const otlp::LogRecord& log : request.logs) {
      seen.log_events.insert(std::string(log.event_name));
      ++seen.counts["logs"];
    }
    for (const otlp::Metric& metric : request.metrics) {
      seen.metrics.insert(std::string(metric.name));
    }
    seen.counts["points"] += request.points.size();
    EXPECT_EQ(next.items, request.spans.size() + request.logs.size() + request.points.size());
  }
  return seen;
}

TEST(SimulatorTest, EqualSeedsGiveEqualBytes) {
  constexpr int kExports = 1500;
  const base::Hash128 hash = HashOf(MakeSimulator(7), kExports);
  EXPECT_EQ(hash, HashOf(MakeSimulator(7), kExports));
  EXPECT_NE(hash, HashOf(MakeSimulator(8), kExports));
}

TEST(SimulatorTest, ExportsComeInOrderOfTimeAtTheAskedRate) {
  Simulator simulator = MakeSimulator(3);
  std::int64_t last_ns = kStartNs;
  while (last_ns < kStartNs + 600 * kSecondNs) {
    const Export next = simulator.Next();
    ASSERT_GE(next.time_ns, last_ns);
    ASSERT_FALSE(next.body.empty());
    last_ns = next.time_ns;
  }
  std::size_t runs = 0;
  for (const std::size_t count : simulator.counts().runs) {
    runs += count;
    EXPECT_GT(count, 10U);
  }
  EXPECT_NEAR(static_cast<double>(runs), 600, 80);  // Three deviations of a Poisson process.
}

TEST(SimulatorTest, EveryResourceIsMarkedAsDemo) {
  Simulator simulator = MakeSimulator(4);
  const Seen seen = Watch(simulator, kStartNs + 120 * kSecondNs);
  EXPECT_GT(seen.resources, 100U);
  EXPECT_EQ(seen.unmarked_resources, 0U);
}

TEST(SimulatorTest, SpansAreSentWithinABatchIntervalOfTheirEnd) {
  Simulator simulator = MakeSimulator(5);
  const Seen seen = Watch(simulator, kStartNs + 300 * kSecondNs);
  std::set<std::string> ids;
  for (const SeenSpan& span : seen.spans) {
    ASSERT_EQ(span.trace.size(), 16U);
    ASSERT_EQ(span.id.size(), 8U);
    ASSERT_TRUE(ids.insert(span.id).second);
    ASSERT_LE(span.start_ns, span.end_ns);
    ASSERT_GE(span.sent_ns, span.end_ns);
    ASSERT_LE(span.sent_ns - span.end_ns, kSecondNs);
  }
}

TEST(SimulatorTest, EveryParentIsThereOnceTheRootIs) {
  Simulator simulator = MakeSimulator(6);
  const std::int64_t end_ns = kStartNs + 420 * kSecondNs;
  const Seen seen = Watch(simulator, end_ns);
  std::set<std::string> ids;
  std::set<std::string> complete;  // Traces whose root ended long enough ago.
  std::map<std::string, int> roots;
  for (const SeenSpan& span : seen.spans) {
    if (span.is_pending) {
      continue;
    }
    ids.insert(span.id);
    if (span.parent.empty()) {
      ++roots[span.trace];
      if (span.end_ns < end_ns - 2 * kSecondNs) {
        complete.insert(span.trace);
      }
    }
  }
  EXPECT_GT(complete.size(), 250U);
  for (const auto& [trace, count] : roots) {
    EXPECT_EQ(count, 1);
  }
  for (const SeenSpan& span : seen.spans) {
    if (complete.contains(span.trace) && !span.parent.empty()) {
      ASSERT_TRUE(ids.contains(span.parent)) << span.name;
    }
  }
}

TEST(SimulatorTest, PendingSpansAnnounceSpansThatComeLater) {
  Simulator simulator = MakeSimulator(11);
  const std::int64_t end_ns = kStartNs + 600 * kSecondNs;
  const Seen seen = Watch(simulator, end_ns);
  std::map<std::string, const SeenSpan*> finals;
  for (const SeenSpan& span : seen.spans) {
    if (!span.is_pending) {
      finals[span.id] = &span;
    }
  }
  int announced = 0;
  for (const SeenSpan& span : seen.spans) {
    if (!span.is_pending) {
      continue;
    }
    EXPECT_EQ(span.start_ns, span.end_ns);
    EXPECT_EQ(span.status, 0U);
    const auto found = finals.find(span.parent);
    if (found == finals.end()) {
      continue;  // Still running.
    }
    ++announced;
    const SeenSpan& real = *found->second;
    ASSERT_EQ(real.name, span.name);
    ASSERT_EQ(real.start_ns, span.start_ns);
    ASSERT_LT(span.sent_ns, real.sent_ns);
    std::vector<std::uint8_t> parent(real.parent.begin(), real.parent.end());
    parent.resize(8);
    ASSERT_EQ(span.texts.at("logfire.pending_parent_id"), base::HexEncode(parent));
  }
  EXPECT_GT(announced, 1000);
}

// Each model call's messages repeat those of the call before, plus what has happened since.
TEST(SimulatorTest, HistoriesGrowAsPrefixes) {
  Simulator simulator = MakeSimulator(12);
  Seen seen = Watch(simulator, kStartNs + 600 * kSecondNs);
  std::ranges::stable_sort(seen.spans, {}, &SeenSpan::start_ns);
  std::map<std::string, std::string> last;
  int grown = 0;
  int restarted = 0;
  for (const SeenSpan& span : seen.spans) {
    const auto input = span.texts.find("gen_ai.input.messages");
    if (input == span.texts.end() || span.is_pending || !span.name.starts_with("chat ")) {
      continue;
    }
    std::string& before = last[span.trace];
    // Without the closing bracket.
    if (before.size() > 1 && !input->second.starts_with(before.substr(0, before.size() - 1))) {
      ++restarted;  // After a context length error the agent goes on from a summary.
    } else {
      grown += before.empty() ? 0 : 1;
    }
    before = input->second;
  }
  EXPECT_GT(grown, 1000);
  const auto& failures = simulator.counts().failures;
  const auto overflows = failures.find(FailureKind::kContextLength);
  EXPECT_LE(restarted, overflows == failures.end() ? 0 : static_cast<int>(overflows->second));
}

TEST(SimulatorTest, SpeaksFiveDialectsAndAllSignals) {
  Simulator simulator = MakeSimulator(1);
  const Seen seen = Watch(simulator, kStartNs + 600 * kSecondNs);
  for (const char* scope :
       {"opentelemetry.util.genai", "openinference.instrumentation.openai_agents",
        "traceloop.tracer", "ai", "pydantic-ai", "opentelemetry.instrumentation.httpx"}) {
    EXPECT_TRUE(seen.counts.contains(std::string("spans ") + scope)) << scope;
  }
  EXPECT_TRUE(seen.log_events.contains("gen_ai.evaluation.result"));
  EXPECT_THAT(
      seen.metrics,
      testing::IsSupersetOf({"process.cpu.time", "process.cpu.utilization", "process.memory.usage",
                             "gen_ai.client.operation.duration", "gen_ai.client.token.usage"}));
}

// Changes whenever the simulation does: a reminder to look at what it makes.
TEST(SimulatorTest, FiveMinutesOfSeedOneAreAsTheyWere) {
  Simulator simulator = MakeSimulator(1);
  const Seen seen = Watch(simulator, kStartNs + 300 * kSecondNs);
  const std::map<std::string, std::size_t> expected = {
      {"logs", 203},
      {"pending pydantic-ai", 717},
      {"points", 1604},
      {"spans ai", 392},
      {"spans openinference.instrumentation.openai_agents", 837},
      {"spans opentelemetry.instrumentation.httpx", 250},
      {"spans opentelemetry.util.genai", 862},
      {"spans pydantic-ai", 1187},
      {"spans traceloop.tracer", 259}};
  EXPECT_EQ(seen.counts, expected);
  EXPECT_THAT(simulator.counts().runs, testing::ElementsAre(154, 40, 89, 20));
}

}  // namespace
}  // namespace sightline::demo
