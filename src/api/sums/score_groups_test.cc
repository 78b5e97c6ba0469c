// SPDX-License-Identifier: Apache-2.0
#include "api/sums/score_groups.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/ids_for_testing.h"

namespace sightline::api {
namespace {

using query::FactKey;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kSecond = 1'000'000'000;

class ScoreGroupsTest : public ::testing::Test {
 protected:
  model::RunRecord& AddRun(std::string_view version = {}) {
    model::RunRecord run;
    run.trace_id = model::TraceNumber(static_cast<std::uint8_t>(runs_.size() + 1));
    run.start_ns = static_cast<std::int64_t>(runs_.size()) * kSecond;
    run.end_ns = run.start_ns + kSecond;
    run.status = model::RunStatus::kCompleted;
    run.version = version;
    runs_.push_back(run);
    return runs_.back();
  }

  void Judge(const model::RunRecord& run, const RunScore& score) {
    scores_[run.trace_id].emplace("quality", score);
  }

  std::vector<std::string> Lines(const query::FactQuery& query) {
    const ScoreGroups found = GroupByScore(query, runs_, scores_, "quality");
    std::vector<std::string> lines;
    for (const query::FactGroup& group : found.groups) {
      const auto mean = found.means.find(group.keys);
      lines.push_back(
          fmt::format("{}: n={} s={} mean={}", fmt::join(group.keys, "/"), group.sums.count,
                      group.sums.duration_seconds,
                      mean == found.means.end() ? "-" : fmt::format("{:.3g}", mean->second)));
    }
    return lines;
  }

  std::vector<model::RunRecord> runs_;
  RunScores scores_;
};

TEST_F(ScoreGroupsTest, AreOfTextsAndLeaveOutWhatWasNotJudged) {
  Judge(AddRun(), {.text = "bad"});
  Judge(AddRun(), {.number = 0.9, .text = "good"});
  Judge(AddRun(), {.number = 0.7, .text = "good"});
  AddRun();
  EXPECT_THAT(Lines({.of_runs = true}),
              ElementsAre("bad: n=1 s=1 mean=-", "good: n=2 s=2 mean=0.8"));
}

TEST_F(ScoreGroupsTest, TellFewNumbersOneByOne) {
  for (const double number : {0.5, 1.0, 0.5}) {
    Judge(AddRun(), {.number = number});
  }
  EXPECT_THAT(Lines({.of_runs = true}), ElementsAre("0.5: n=2 s=2 mean=0.5", "1: n=1 s=1 mean=1"));
}

TEST_F(ScoreGroupsTest, TellManyNumbersByRanges) {
  for (int i = 0; i < 20; ++i) {
    Judge(AddRun(), {.number = i - 5});
  }
  EXPECT_THAT(Lines({.of_runs = true}),
              ElementsAre("-2 to 0: n=2 s=2 mean=-1.5", "-4 to -2: n=2 s=2 mean=-3.5",
                          "-6 to -4: n=1 s=1 mean=-5", "0 to 2: n=2 s=2 mean=0.5",
                          "10 to 12: n=2 s=2 mean=10.5", "12 to 14: n=2 s=2 mean=12.5",
                          "14 to 16: n=1 s=1 mean=14", "2 to 4: n=2 s=2 mean=2.5",
                          "4 to 6: n=2 s=2 mean=4.5", "6 to 8: n=2 s=2 mean=6.5",
                          "8 to 10: n=2 s=2 mean=8.5"));
}

TEST_F(ScoreGroupsTest, TakeOtherKeysFiltersAndTime) {
  model::RunRecord& first = AddRun("1.0");
  first.tags = {"a", "b"};
  Judge(first, {.text = "good"});
  Judge(AddRun("1.1"), {.text = "good"});
  query::FactQuery query{.of_runs = true, .by = {FactKey::kVersion, FactKey::kTag}};
  EXPECT_THAT(Lines(query), ElementsAre("good/1.0/a: n=1 s=1 mean=-", "good/1.0/b: n=1 s=1 mean=-",
                                        "good/1.1/: n=1 s=1 mean=-"));
  query.by.clear();
  query.filter(FactKey::kVersion) = "1.1";
  EXPECT_THAT(Lines(query), ElementsAre("good: n=1 s=1 mean=-"));
  query.end_time_ns = kSecond;
  EXPECT_THAT(Lines(query), IsEmpty());
}

TEST_F(ScoreGroupsTest, KeepUnknownMoneyUnknown) {
  model::RunRecord& run = AddRun();
  run.model_calls = 3;
  run.cost_status = model::CostStatus::kUnpriced;
  Judge(run, {.text = "good"});
  const ScoreGroups found = GroupByScore({.of_runs = true}, runs_, scores_, "quality");
  ASSERT_EQ(found.groups.size(), 1U);
  EXPECT_EQ(found.groups[0].sums.model_calls, 3);
  EXPECT_EQ(found.groups[0].sums.unpriced_calls, 3);
}

}  // namespace
}  // namespace sightline::api
