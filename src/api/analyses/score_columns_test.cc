// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/score_columns.h"

#include <cmath>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/ids_for_testing.h"

namespace sightline::api {
namespace {

using analytics::RunColumn;
using ::testing::ElementsAre;

TEST(ScoreColumnsTest, AreTextsAndNumbersOfEachName) {
  std::vector<model::RunRecord> runs(3);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].trace_id = model::TraceNumber(static_cast<std::uint8_t>(i + 1));
  }
  RunScores scores;
  scores[runs[0].trace_id] = {{"quality", {.number = 0.5, .text = "bad"}},
                              {"safe", {.number = 1, .text = "true", .is_boolean = true}}};
  scores[runs[2].trace_id] = {{"quality", {.text = "good"}}, {"secret", {.number = 1}}};
  std::vector<RunColumn> columns;
  AddScoreColumns(
      runs, scores, [](std::string_view name) { return name != "score.secret"; }, columns);
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].name, "score.quality");
  EXPECT_THAT(columns[0].texts, ElementsAre("bad", "good"));
  EXPECT_THAT(columns[0].codes, ElementsAre(0, RunColumn::kNoText, 1));
  EXPECT_EQ(columns[1].name, "score.quality");
  EXPECT_DOUBLE_EQ(columns[1].numbers[0], 0.5);
  EXPECT_TRUE(std::isnan(columns[1].numbers[1]));
  EXPECT_TRUE(std::isnan(columns[1].numbers[2]));
  EXPECT_EQ(columns[2].name, "score.safe");
  EXPECT_THAT(columns[2].texts, ElementsAre("true"));
}

}  // namespace
}  // namespace sightline::api
