// SPDX-License-Identifier: Apache-2.0
#include "analytics/failure_analysis.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

model::RunRecord Failed(std::uint8_t number, std::string_view type, std::string_view message) {
  model::RunRecord run;
  run.trace_id.bytes.back() = number;
  run.start_ns = number;
  run.status = model::RunStatus::kFailed;
  run.agent = "planner";
  run.models = {"gpt-4o"};
  run.error_type = type;
  run.error_message = message;
  return run;
}

TEST(FailureAnalysisTest, GroupsRunsByProblemAndCountsReasons) {
  const std::vector<model::RunRecord> runs = {
      Failed(1, "TimeoutError", "Request timed out after 30 seconds"),
      Failed(2, "ValueError", "order 17 is not known"),
      Failed(3, "TimeoutError", "Request timed out after 45 seconds"),
      Failed(4, "TimeoutError", "Request timed out after 60 seconds")};
  const FailureAnalysis analysis = AnalyzeFailures(runs);
  EXPECT_EQ(analysis.reasons.at(FailureReason::kTimeout), 3);
  ASSERT_EQ(analysis.groups.size(), 2U);
  const FailureGroup& timeouts = analysis.groups[0];
  EXPECT_EQ(timeouts.count, 3);
  EXPECT_EQ(timeouts.reason, FailureReason::kTimeout);
  EXPECT_EQ(timeouts.first_seen_ns, 1);
  EXPECT_EQ(timeouts.last_seen_ns, 4);
  ASSERT_EQ(timeouts.samples.size(), 3U);
  EXPECT_EQ(timeouts.samples[0], runs[3].trace_id) << "the newest first";
  EXPECT_EQ(timeouts.agents.at("planner"), 3);
  EXPECT_TRUE(timeouts.title.starts_with("TimeoutError: Request timed out")) << timeouts.title;
}

TEST(FailureAnalysisTest, TellsTypesApartWhoseMessagesAreEqual) {
  const std::vector<model::RunRecord> runs = {Failed(1, "A", "it broke"),
                                              Failed(2, "B", "it broke")};
  EXPECT_EQ(AnalyzeFailures(runs).groups.size(), 2U);
  EXPECT_TRUE(AnalyzeFailures({}).groups.empty());
}

TEST(FailureAnalysisTest, CountsUsersAndVersionsOfThePeriodOnly) {
  std::vector<model::RunRecord> runs = {Failed(1, "A", "it broke"), Failed(2, "B", "gone since"),
                                        Failed(11, "A", "it broke"), Failed(12, "A", "it broke"),
                                        Failed(13, "C", "never before")};
  runs[0].user_id = "eve";
  runs[2].user_id = "ada";
  runs[2].version = "2.0";
  runs[3].user_id = "ada";
  const FailureAnalysis analysis =
      AnalyzeFailures(runs, {.start_ns = 10, .end_ns = 34, .has_before = true});
  ASSERT_EQ(analysis.groups.size(), 2U);
  const FailureGroup& known = analysis.groups[0];
  EXPECT_EQ(known.count, 2);
  EXPECT_EQ(known.first_seen_ns, 11);
  EXPECT_EQ(known.users, (std::map<std::string, std::int64_t>{{"ada", 2}}));
  EXPECT_EQ(known.versions, (std::map<std::string, std::int64_t>{{"2.0", 1}}));
  EXPECT_EQ(known.course.state, FailureState::kOngoing);
  EXPECT_EQ(known.course.counts[1], 1);
  EXPECT_EQ(analysis.groups[1].course.state, FailureState::kNew);
  std::int64_t reasons = 0;
  for (const auto& [reason, count] : analysis.reasons) {
    reasons += count;
  }
  EXPECT_EQ(reasons, 3);
}

TEST(FailureAnalysisTest, KeepsTheNewestSamples) {
  std::vector<model::RunRecord> runs;
  for (std::uint8_t i = 1; i <= 20; ++i) {
    runs.push_back(Failed(i, "", "no answer"));
  }
  const FailureAnalysis analysis = AnalyzeFailures(runs);
  ASSERT_EQ(analysis.groups.size(), 1U);
  EXPECT_EQ(analysis.groups[0].samples.size(), FailureGroup::kMaxSamples);
  EXPECT_EQ(analysis.groups[0].samples[0], runs[19].trace_id);
}

}  // namespace
}  // namespace sightline::analytics
