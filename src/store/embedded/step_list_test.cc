// SPDX-License-Identifier: Apache-2.0
// Lists of steps: of what is in memory, what waits to be stored and what is stored in several days.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/name_set.h"
#include "model/run_status.h"
#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using query::FactKey;
using query::StepSort;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StepListTest : public EmbeddedStoreTest {
 protected:
  struct Step {
    std::uint8_t trace = 1;
    std::uint8_t span = 1;
    std::int64_t second = 0;
    std::int64_t seconds = 1;
    std::int64_t tokens = 0;
    std::int64_t cost = 0;
    std::string_view agent = "planner";
    bool is_unpriced = false;
    std::int8_t sign = 1;
    std::string_view version = {};
    std::string_view prompt = {};
    std::int64_t first_token = model::Span::kUnknown;
  };

  void Add(const Step& step) {
    model::FactTable& table = runs_.next_cut.facts;
    table.facts.push_back(
        {.trace_id = Trace(step.trace),
         .span_id = SpanNumber(step.span),
         .start_ns = clock_.NowNs() + step.second * kSecond,
         .duration_ns = step.seconds * kSecond,
         .time_to_first_token_ns = step.first_token,
         .input_tokens = step.tokens,
         .output_tokens = step.tokens,
         .cost_picodollars = step.cost,
         .workflow = table.NumberOf("w"),
         .agent = table.NumberOf(step.agent),
         .version = table.NumberOf(step.version),
         .prompts = step.prompt.empty() ? 0 : table.NumberOf(model::InSet(step.prompt)),
         .model_calls = 1,
         .unpriced_calls = step.is_unpriced ? 1U : 0U,
         .kind = static_cast<std::uint8_t>(model::SpanKind::kLlm),
         .status = static_cast<std::uint8_t>(model::RunStatus::kCompleted),
         .sign = step.sign});
  }

  // Moves what is in memory into the folder of the day that it is.
  void Store() {
    BatchBuilder batch(++position_, clock_.NowNs());
    batch.AddSpan(1, 1, "run");
    Commit(batch.Build());
    Seal();
  }

  // "trace.span agent" of all pages.
  std::vector<std::string> Steps(query::StepQuery query) {
    std::vector<std::string> steps;
    for (;;) {
      const auto page = store_->ListSteps(query, Soon());
      EXPECT_TRUE(page.has_value()) << page.error().ToString();
      for (const model::Fact& step : page->steps.facts) {
        steps.push_back(std::to_string(step.trace_id.bytes[15]) + "." +
                        std::to_string(step.span_id.bytes[7]) + " " +
                        std::string(page->steps.TextOf(step.agent)));
      }
      if (!page->has_more) {
        return steps;
      }
      query.cursor = query::CursorAfter(query.sort, page->steps.facts.back());
      EXPECT_EQ(page->steps.facts.size(), query.limit);
    }
  }

  // "count tokens cost" of all that the list has.
  std::string Totals(const query::StepQuery& query) {
    const auto answers = store_->SumFacts({&query.steps, 1}, Soon());
    EXPECT_TRUE(answers.has_value()) << answers.error().ToString();
    query::FactSums sums;
    for (const query::FactGroup& group : (*answers)[0]) {
      sums.Add(group.sums);
    }
    return fmt::format("{} {} {}", sums.count, sums.input_tokens + sums.output_tokens,
                       sums.cost_picodollars);
  }

  std::uint64_t position_ = 0;
};

TEST_F(StepListTest, ListsStepsInAnyOrderPageByPage) {
  Add({.trace = 1, .span = 1, .second = 1, .seconds = 5, .tokens = 1, .cost = 70});
  Add({.trace = 1, .span = 2, .second = 2, .seconds = 1, .tokens = 9, .is_unpriced = true});
  Store();
  clock_.Advance(hours(24));
  Add({.trace = 2, .span = 1, .second = 1, .seconds = 9, .tokens = 3, .cost = 900});
  Store();
  Add({.trace = 3, .span = 1, .second = 7, .seconds = 2, .tokens = 4, .cost = 8});
  for (const std::size_t limit : {1, 2, 3, 100}) {
    const auto in_order = [&](std::string_view sort) {
      return Steps({.sort = *StepSort::Parse(sort), .limit = limit});
    };
    EXPECT_THAT(in_order("-start"),
                ElementsAre("3.1 planner", "2.1 planner", "1.2 planner", "1.1 planner"));
    EXPECT_THAT(in_order("start"),
                ElementsAre("1.1 planner", "1.2 planner", "2.1 planner", "3.1 planner"));
    EXPECT_THAT(in_order("-duration"),
                ElementsAre("2.1 planner", "1.1 planner", "3.1 planner", "1.2 planner"));
    EXPECT_THAT(in_order("-cost"),
                ElementsAre("2.1 planner", "1.1 planner", "3.1 planner", "1.2 planner"));
    EXPECT_THAT(in_order("cost"),
                ElementsAre("3.1 planner", "1.1 planner", "2.1 planner", "1.2 planner"))
        << "what is not known comes last";
    EXPECT_THAT(in_order("-tokens"),
                ElementsAre("1.2 planner", "3.1 planner", "2.1 planner", "1.1 planner"));
  }
}

TEST_F(StepListTest, FindsByNamesTimesAndAmountsInMemoryAndOnDisk) {
  Add({.trace = 1, .span = 1, .second = 1, .seconds = 5, .tokens = 2, .cost = 70});
  Add({.trace = 1, .span = 2, .second = 2, .cost = 5, .agent = "it's"});
  Add({.trace = 1, .span = 3, .second = 3, .is_unpriced = true});
  for (int i = 0; i < 2; ++i) {
    query::StepQuery by_agent;
    by_agent.steps.filter(FactKey::kAgent) = "it's";
    EXPECT_THAT(Steps(by_agent), ElementsAre("1.2 it's"));
    by_agent.steps.filter(FactKey::kAgent) = "nobody";
    EXPECT_THAT(Steps(by_agent), IsEmpty());
    query::StepQuery by_time;
    by_time.steps.start_time_ns = kNoon + 2 * kSecond;
    by_time.steps.end_time_ns = kNoon + 3 * kSecond;
    EXPECT_THAT(Steps(by_time), ElementsAre("1.2 it's"));
    EXPECT_THAT(Steps({.steps = {.amounts = {.min_duration_ns = 5 * kSecond}}}),
                ElementsAre("1.1 planner"));
    EXPECT_THAT(Steps({.steps = {.amounts = {.max_duration_ns = kSecond}}}),
                ElementsAre("1.3 planner", "1.2 it's"));
    EXPECT_THAT(Steps({.steps = {.amounts = {.min_cost = 6}}}), ElementsAre("1.1 planner"));
    EXPECT_THAT(Steps({.steps = {.amounts = {.max_cost = 6}}}), ElementsAre("1.2 it's"));
    EXPECT_THAT(Steps({.steps = {.amounts = {.min_tokens = 4}}}), ElementsAre("1.1 planner"));
    Store();
  }
}

TEST_F(StepListTest, FindsByVersionAndPromptVersion) {
  Add({.trace = 1, .span = 1, .version = "1.0", .prompt = "plan@1"});
  Add({.trace = 2, .span = 1, .version = "1.1", .prompt = "plan@2"});
  Add({.trace = 2, .span = 2, .version = "1.1"});
  for (int i = 0; i < 2; ++i) {
    query::StepQuery by_version;
    by_version.steps.filter(FactKey::kVersion) = "1.1";
    EXPECT_THAT(Steps(by_version), ElementsAre("2.2 planner", "2.1 planner"));
    by_version.steps.filter(FactKey::kPromptVersion) = "plan@2";
    EXPECT_THAT(Steps(by_version), ElementsAre("2.1 planner"));
    Store();
  }
}

TEST_F(StepListTest, ListsByTimeToFirstTokenWhatDoesNotSayItLast) {
  Add({.trace = 1, .span = 1, .second = 1, .first_token = 300});
  Add({.trace = 1, .span = 2, .second = 2});
  Add({.trace = 1, .span = 3, .second = 3, .first_token = 0});
  Add({.trace = 1, .span = 4, .second = 4, .first_token = 900});
  for (int i = 0; i < 2; ++i) {
    for (const std::size_t limit : {1, 100}) {
      const auto in_order = [&](std::string_view sort) {
        return Steps({.sort = *StepSort::Parse(sort), .limit = limit});
      };
      EXPECT_THAT(in_order("time_to_first_token"),
                  ElementsAre("1.3 planner", "1.1 planner", "1.4 planner", "1.2 planner"));
      EXPECT_THAT(in_order("-time_to_first_token"),
                  ElementsAre("1.4 planner", "1.1 planner", "1.3 planner", "1.2 planner"));
    }
    const auto page = store_->ListSteps({.sort = *StepSort::Parse("start")}, Soon());
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->steps.facts[0].time_to_first_token_ns, 300);
    EXPECT_EQ(page->steps.facts[1].time_to_first_token_ns, model::Span::kUnknown);
    Store();
  }
}

TEST_F(StepListTest, SumsUpWhatItListsByAmountsAndRuns) {
  Add({.trace = 1, .span = 1, .tokens = 1, .cost = 70});
  Add({.trace = 2, .span = 1, .seconds = 9, .tokens = 2, .cost = 5});
  Add({.trace = 3, .span = 1, .tokens = 4, .is_unpriced = true});
  Store();
  clock_.Advance(hours(24));
  Add({.trace = 2, .span = 2, .tokens = 8, .cost = 6});
  // Another version of the first step: it costs more.
  Add({.trace = 1, .span = 1, .second = -24 * 3600, .tokens = 1, .cost = 70, .sign = -1});
  Add({.trace = 1, .span = 1, .second = -24 * 3600, .tokens = 1, .cost = 80});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Totals({}), "4 30 91");
    EXPECT_EQ(Totals({.steps = {.amounts = {.min_cost = 6}}}), "2 18 86");
    EXPECT_EQ(Totals({.steps = {.amounts = {.min_cost = 71}}}), "1 2 80");
    EXPECT_EQ(Totals({.steps = {.amounts = {.max_cost = 75}}}), "2 20 11");
    EXPECT_EQ(Totals({.steps = {.amounts = {.min_tokens = 8}}}), "2 24 6");
    EXPECT_EQ(Totals({.steps = {.amounts = {.min_duration_ns = 9 * kSecond}}}), "1 4 5");
    EXPECT_EQ(Totals({.steps = {.amounts = {.max_duration_ns = 0}}}), "0 0 0");
    query::StepQuery of_runs;
    of_runs.steps.among_runs =
        std::make_shared<const query::RunIds>(query::RunIds{Trace(2), Trace(3), Trace(200)});
    EXPECT_EQ(Totals(of_runs), "3 28 11");
    EXPECT_THAT(Steps(of_runs), ElementsAre("2.2 planner", "3.1 planner", "2.1 planner"));
    of_runs.steps.among_runs = std::make_shared<const query::RunIds>();
    EXPECT_EQ(Totals(of_runs), "0 0 0");
    EXPECT_THAT(Steps(of_runs), IsEmpty());
    if (i == 0) {
      Store();
    } else {
      Reopen();
    }
  }
}

// What a newer version of a run takes back is not listed, wherever both are.
TEST_F(StepListTest, ListsTheNewestVersionOfAStep) {
  for (std::uint8_t span = 1; span <= 60; ++span) {
    Add({.trace = 1, .span = span, .second = span});
  }
  Add({.trace = 2, .span = 1, .second = 5});
  Store();
  clock_.Advance(hours(24));
  const auto replace = [&](std::int8_t sign, std::string_view agent) {
    for (std::uint8_t span = 1; span <= 60; ++span) {
      Add({.trace = 1, .span = span, .second = span - 24 * 3600, .agent = agent, .sign = sign});
    }
  };
  replace(-1, "planner");
  Add({.trace = 1, .span = 61, .second = 61 - 24 * 3600});
  const query::StepQuery two = {.limit = 2};
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Steps(two), ElementsAre("1.61 planner", "2.1 planner"));
    Store();
  }
  replace(1, "critic");  // The same steps again, of another agent.
  for (int i = 0; i < 2; ++i) {
    query::StepQuery query;
    query.steps.filter(FactKey::kAgent) = "critic";
    EXPECT_EQ(Steps(query).size(), 60U);
    query.steps.filter(FactKey::kAgent) = "planner";
    EXPECT_THAT(Steps(query), ElementsAre("1.61 planner", "2.1 planner"));
    Store();
  }
  ExpectClean();
}

}  // namespace
}  // namespace sightline::store::embedded
