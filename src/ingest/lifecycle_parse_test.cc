// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_parse.h"

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kNow = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z.
constexpr std::int64_t kSecond = 1'000'000'000;

// An event of one type and run with `members` besides.
std::string Item(std::string_view type, std::string_view members) {
  return fmt::format(R"({{"type":"{}","execution_id":"run-1","step_id":"s"{}{}}})", type,
                     members.empty() ? "" : ",", members);
}

class ParseEventTest : public ::testing::Test {
 protected:
  LifecycleEvent Parse(const std::string& item) {
    items_.push_back(item);
    auto parsed = ParseEvent(items_.back(), kNow, arena_);
    if (const auto* fault = std::get_if<EventFault>(&parsed)) {
      ADD_FAILURE() << item << ": " << fault->detail;
      return {};
    }
    return std::get<LifecycleEvent>(parsed);
  }

  EventFault ParseFault(const std::string& item) {
    auto parsed = ParseEvent(item, kNow, arena_);
    if (std::holds_alternative<LifecycleEvent>(parsed)) {
      ADD_FAILURE() << "was accepted: " << item;
      return {};
    }
    return std::get<EventFault>(parsed);
  }

  // "key=value", values of texts in quotes.
  static std::vector<std::string> Attributes(const LifecycleEvent& event) {
    std::vector<std::string> lines;
    for (const auto& [key, value] : event.attributes) {
      switch (value.kind) {
        case otlp::ValueKind::kString:
          lines.push_back(fmt::format("{}='{}'", key, value.bytes));
          break;
        case otlp::ValueKind::kBool:
          lines.push_back(fmt::format("{}={}", key, value.integer != 0));
          break;
        case otlp::ValueKind::kInt:
          lines.push_back(fmt::format("{}={}", key, value.integer));
          break;
        case otlp::ValueKind::kDouble:
          lines.push_back(fmt::format("{}={}d", key, value.number));
          break;
        case otlp::ValueKind::kNone:
        case otlp::ValueKind::kArray:
        case otlp::ValueKind::kMap:
        case otlp::ValueKind::kBytes:
          lines.push_back(fmt::format("{}=?", key));
          break;
      }
    }
    return lines;
  }

 private:
  base::Arena arena_;
  std::list<std::string> items_;  // The events hold views into them.
};

struct FaultCase {
  std::string_view name;
  std::string item;
  std::string_view detail;
  base::Loss loss = base::Loss::kEventInvalid;
};

TEST_F(ParseEventTest, RejectsWithAReason) {
  const std::string long_id(257, 'x');
  const base::Loss unknown = base::Loss::kEventUnknownType;
  const FaultCase cases[] = {
      {"no object", "7", "must be a JSON object"},
      {"broken", "{\"type\":", "is not JSON"},
      {"too deep",
       Item("log", "\"metadata\":{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}"),
       "nests deeper than 32 levels"},
      {"no type", R"({"execution_id":"a"})", "type is required", unknown},
      {"null type", R"({"type":null,"execution_id":"a"})", "type is required", unknown},
      {"unknown type", Item("step.paused", ""), "type 'step.paused' is unknown", unknown},
      {"type of wrong type", R"({"type":{"a":1}})", "type '{\"a\":1}' is unknown", unknown},
      {"no execution", R"({"type":"log"})", "execution_id is required", unknown},
      {"empty execution", R"({"type":"log","execution_id":""})", "execution_id is required",
       unknown},
      {"no step", R"({"type":"step.finished","execution_id":"a"})",
       "step_id is required for step.finished", unknown},
      {"long execution", R"({"type":"log","execution_id":")" + long_id + "\"}",
       "execution_id must not be longer than 256 bytes"},
      {"long parent", Item("log", "\"parent_step_id\":\"" + long_id + "\""),
       "parent_step_id must not be longer than 256 bytes"},
      {"id of wrong type", R"({"type":"log","execution_id":{}})", "execution_id must be a string"},
      {"fraction as id", R"({"type":"log","execution_id":1.5})", "execution_id must be a string"},
      {"own parent", Item("step.started", R"("parent_step_id":"s")"),
       "parent_step_id must not be the step itself"},
      {"twice", Item("log", R"("step_id":"t")"), "step_id is given twice"},
      {"bad time", Item("log", R"("timestamp":"yesterday")"),
       "timestamp '\"yesterday\"' must be RFC 3339"},
      {"impossible time", Item("log", R"("timestamp":"2026-02-30T00:00:00Z")"), "RFC 3339"},
      {"time as number", Item("log", R"("timestamp":1772366400)"), "RFC 3339"},
      {"before 1970", Item("log", R"("timestamp":"1969-12-31T23:59:59Z")"), "not before 1970"},
      {"negative tokens", Item("llm.call", R"("input_tokens":-1)"),
       "input_tokens must be an integer from 0"},
      {"tokens as words", Item("llm.call", R"("output_tokens":"many")"),
       "output_tokens must be an integer from 0"},
      {"too many tokens", Item("llm.call", R"("cache_read_tokens":1e300)"),
       "cache_read_tokens must be an integer from 0"},
      {"negative retries", Item("step.finished", R"("retry_count":-3)"), "retry_count must be"},
      {"unknown status", Item("step.finished", R"("status":"paused")"),
       "status 'paused' must be completed, failed or cancelled"},
      {"status of wrong type", Item("step.finished", R"("status":3)"), "status '3' must be"},
      {"model of wrong type", Item("llm.call", R"("model":["gpt"])"), "model must be a string"},
      {"kind of wrong type", Item("step.started", R"("kind":1)"), "kind must be a string"},
      {"metadata", Item("log", R"("metadata":"x")"), "metadata must be an object"},
      {"resources", Item("step.finished", R"("resource_usage":[1])"),
       "resource_usage must be an object"},
      {"resource", Item("step.finished", R"("resource_usage":{"cpu_usage":"high"})"),
       "resource_usage.cpu_usage must be a number"},
  };
  for (const FaultCase& c : cases) {
    const EventFault fault = ParseFault(c.item);
    EXPECT_THAT(fault.detail, HasSubstr(c.detail)) << c.name;
    EXPECT_EQ(fault.loss, c.loss) << c.name;
  }
}

TEST_F(ParseEventTest, CutsWhatItQuotesOfALongText) {
  const EventFault fault = ParseFault(Item(std::string(5000, 'x'), ""));
  EXPECT_LT(fault.detail.size(), 250U);
}

TEST_F(ParseEventTest, ReadsTimesOfAnyOffset) {
  const std::pair<std::string_view, std::int64_t> cases[] = {
      {R"("timestamp":"2026-03-01T12:00:01Z")", kNow + kSecond},
      {R"("timestamp":"2026-03-01T17:30:01.5+05:30")", kNow + kSecond + kSecond / 2},
      {R"("timestamp":"2026-03-01 12:00:01")", kNow + kSecond},
      {R"("timestamp":null)", kNow},
      {"", kNow},
  };
  for (const auto& [members, time_ns] : cases) {
    const LifecycleEvent event = Parse(Item("log", members));
    EXPECT_EQ(event.time_ns, time_ns) << members;
  }
}

TEST_F(ParseEventTest, TurnsFieldsIntoAttributes) {
  const LifecycleEvent event = Parse(Item(
      "llm.call",
      R"("agent_id":"planner","provider":"openai","model":"gpt-4o","input_tokens":100,)"
      R"("output_tokens":"7","cache_read_tokens":20.0,"cache_write_tokens":null,"retry_count":2,)"
      R"("input":{"q": 12345678901234567890.10},"output":"{\"a\":\n1}",)"
      R"("resource_usage":{"cpu_usage":12.5,"memory_change_mb":-3,"io_operations":null})"));
  EXPECT_THAT(
      Attributes(event),
      ElementsAre("sightline.run.id='run-1'", "sightline.step.id='s'", "gen_ai.agent.id='planner'",
                  "gen_ai.agent.name='planner'", "gen_ai.provider.name='openai'",
                  "gen_ai.request.model='gpt-4o'", "gen_ai.usage.input_tokens=100",
                  "gen_ai.usage.output_tokens=7", "gen_ai.usage.cache_read.input_tokens=20",
                  "sightline.retry_count=2", "input.value='{\"q\": 12345678901234567890.10}'",
                  "input.mime_type='application/json'", "output.value='{\"a\":\n1}'",
                  "output.mime_type='text/plain'", "sightline.resource_usage.cpu_usage=12.5d",
                  "sightline.resource_usage.memory_change_mb=-3d"));
}

TEST_F(ParseEventTest, KeepsMetadataAndUnknownMembers) {
  const std::string members =
      R"("kind":"council","metadata":{"n":1,"x":1.5,"b":true,"t":"é","none":null,)"
      R"("list":[1,2],"big":123456789012345678901234567890},"tenant":"acme")";
  EXPECT_THAT(
      Attributes(Parse(Item("step.started", members))),
      ElementsAre("sightline.run.id='run-1'", "sightline.step.id='s'", "metadata.kind='council'",
                  "metadata.n=1", "metadata.x=1.5d", "metadata.b=true", "metadata.t='é'",
                  "metadata.list='[1,2]'", "metadata.big='123456789012345678901234567890'",
                  "metadata.tenant='acme'"));
  EXPECT_THAT(
      Attributes(Parse(Item("log", R"("metadata":{"attempt":2,"why":"slow"})"))),
      ElementsAre("sightline.run.id='run-1'", "sightline.step.id='s'", "attempt=2", "why='slow'"));
}

TEST_F(ParseEventTest, ReadsHowItCameOut) {
  const std::pair<std::string_view, model::Outcome> cases[] = {
      {"", model::Outcome::kCompleted},
      {R"("status":"completed","error_message":"recovered")", model::Outcome::kCompleted},
      {R"("status":"success")", model::Outcome::kCompleted},
      {R"("status":"failed")", model::Outcome::kFailed},
      {R"("error_message":"boom")", model::Outcome::kFailed},
      {R"("status":"cancelled")", model::Outcome::kCancelled},
      {R"("status":"canceled","error_message":"by hand")", model::Outcome::kCancelled},
  };
  for (const auto& [members, outcome] : cases) {
    EXPECT_EQ(Parse(Item("execution.finished", members)).outcome, outcome) << members;
  }
}

TEST_F(ParseEventTest, ReadsStatedDurations) {
  const std::pair<std::string_view, std::optional<std::int64_t>> cases[] = {
      {R"("metadata":{"duration_ms":1500})", kSecond + kSecond / 2},
      {R"("metadata":{"duration_ms":"0.25"})", 250'000},
      {R"("metadata":{"duration_ms":-1})", std::nullopt},
      {R"("metadata":{"duration_ms":1e30})", std::nullopt},
      {R"("metadata":{"duration_ms":"long"})", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& [members, duration_ns] : cases) {
    EXPECT_EQ(Parse(Item("llm.call", members)).duration_ns, duration_ns) << members;
  }
}

TEST_F(ParseEventTest, AcceptsIntegersAsIds) {
  const LifecycleEvent event = Parse(R"({"type":"step.started","execution_id":42,"step_id":7})");
  EXPECT_EQ(event.execution_id, "42");
  EXPECT_EQ(event.step_id, "7");
  EXPECT_EQ(event.trace_id, TraceIdOfRun("42"));
}

TEST_F(ParseEventTest, RepairsHalfACharacter) {
  const LifecycleEvent event = Parse(Item("log", R"("message":"cut \ud83d")"));
  EXPECT_EQ(event.message, "cut \xEF\xBF\xBD");
  EXPECT_TRUE(event.is_repaired);
}

TEST_F(ParseEventTest, KeepsMessagesThatAreNoText) {
  EXPECT_EQ(Parse(Item("log", R"("message":{"a":[1]})")).message, R"({"a":[1]})");
  EXPECT_THAT(Parse(Item("log", "")).message, IsEmpty());
}

// Ids are on disk: a change would make a run that goes on after an update a second run.
TEST(LifecycleIdsTest, StayTheSameForEver) {
  const model::TraceId trace_id = TraceIdOfRun("run-1");
  EXPECT_EQ(trace_id.ToHex(), "d8fe0ded824b6ca39991b62164775c1a");
  EXPECT_EQ(SpanIdOfStep(trace_id, "").ToHex(), "f46756a82c483240");
  EXPECT_EQ(SpanIdOfStep(trace_id, "plan").ToHex(), "38ee20e919119913");
}

TEST_F(ParseEventTest, NamesTheThingThatAnEventIsAbout) {
  const LifecycleEvent run =
      Parse(R"({"type":"execution.finished","execution_id":"run-1","step_id":"s"})");
  const LifecycleEvent start = Parse(Item("step.started", R"("parent_step_id":"p")"));
  const LifecycleEvent finish = Parse(Item("step.finished", R"("output":1)"));
  EXPECT_EQ(run.item_id, SpanIdOfStep(run.trace_id, ""));
  EXPECT_EQ(start.item_id, SpanIdOfStep(run.trace_id, "s"));
  EXPECT_EQ(start.item_id, finish.item_id);
  EXPECT_EQ(start.parent_span_id, SpanIdOfStep(run.trace_id, "p"));
  EXPECT_EQ(finish.parent_span_id, run.item_id);

  const LifecycleEvent call = Parse(Item("llm.call", R"("model":"a")"));
  const LifecycleEvent same_call = Parse(Item("llm.call", R"("model":"a")"));
  const LifecycleEvent other_call = Parse(Item("llm.call", R"("model":"b")"));
  EXPECT_EQ(call.item_id, same_call.item_id);
  EXPECT_NE(call.item_id, other_call.item_id);
  EXPECT_NE(call.item_id, call.step_span_id);
}

}  // namespace
}  // namespace sightline::ingest
