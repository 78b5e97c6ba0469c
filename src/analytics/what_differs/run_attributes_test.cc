// SPDX-License-Identifier: Apache-2.0
#include "analytics/what_differs/run_attributes.h"

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using ::testing::ElementsAre;

model::RunRecord RunOf(std::string_view user, std::vector<std::string> models) {
  model::RunRecord run;
  run.user_id = user;
  run.models = std::move(models);
  run.status = model::RunStatus::kCompleted;
  run.start_ns = 1'000'000'000;
  run.end_ns = 3'500'000'000;
  return run;
}

const RunColumn* Find(const std::vector<RunColumn>& columns, std::string_view name) {
  for (const RunColumn& column : columns) {
    if (column.name == name) {
      return &column;
    }
  }
  return nullptr;
}

bool IsWanted(std::string_view) {
  return true;
}

TEST(RunAttributesTest, AreTextsNamesAndNumbers) {
  std::vector<model::RunRecord> runs = {RunOf("ada", {"large"}), RunOf("", {"small", "large"}),
                                        RunOf("ada", {})};
  runs[1].status = model::RunStatus::kRunning;
  runs[2].cost = {.picodollars = 2'500'000'000'000};
  runs[2].cost_status = model::CostStatus::kPriced;
  runs[2].usage.input_total = 7;
  const std::vector<RunColumn> columns = AttributesOf(runs, IsWanted);
  EXPECT_THAT(Find(columns, "user_id")->codes, ElementsAre(0, RunColumn::kNoText, 0));
  EXPECT_THAT(Find(columns, "user_id")->texts, ElementsAre("ada"));
  EXPECT_THAT(Find(columns, "status")->texts, ElementsAre("completed", "running"));
  EXPECT_THAT(Find(columns, "model.large")->codes, ElementsAre(0, 0, RunColumn::kNoText));
  EXPECT_THAT(Find(columns, "model.small")->codes,
              ElementsAre(RunColumn::kNoText, 0, RunColumn::kNoText));
  const RunColumn& duration = *Find(columns, "duration");
  EXPECT_DOUBLE_EQ(duration.numbers[0], 2.5);
  EXPECT_TRUE(std::isnan(duration.numbers[1]));  // It goes on.
  const RunColumn& cost = *Find(columns, "cost");
  EXPECT_TRUE(std::isnan(cost.numbers[0]));  // Not known is not 0.
  EXPECT_DOUBLE_EQ(cost.numbers[2], 2.5);
  EXPECT_TRUE(std::isnan(Find(columns, "input_tokens")->numbers[0]));
  EXPECT_DOUBLE_EQ(Find(columns, "input_tokens")->numbers[2], 7);
  for (const RunColumn& column : columns) {
    EXPECT_EQ(column.size(), runs.size()) << column.name;
  }
}

TEST(RunAttributesTest, LeaveOutWhatIsNotWantedAndTooManyNames) {
  std::vector<model::RunRecord> runs;
  for (int i = 0; i < 300; ++i) {
    runs.push_back(RunOf("ada", {"model" + std::to_string(i)}));
  }
  const std::vector<RunColumn> columns =
      AttributesOf(runs, [](std::string_view name) { return name.starts_with("model."); });
  EXPECT_EQ(columns.size(), 256U);
  EXPECT_EQ(Find(columns, "user_id"), nullptr);
}

}  // namespace
}  // namespace sightline::analytics
