// SPDX-License-Identifier: Apache-2.0
#include "analytics/what_differs/what_differs.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using Kind = RunCondition::Kind;

constexpr std::size_t kModel = 0;
constexpr std::size_t kRegion = 1;
constexpr std::size_t kUser = 2;
constexpr std::size_t kTool = 3;
constexpr std::size_t kTokens = 4;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// 1,000 runs whose attributes are drawn by chance, the same each time.
class Table {
 public:
  explicit Table(std::uint32_t seed = 1) : random_(seed) {
    columns_ = {{.name = "model",
                 .texts = {"large", "small", "local", "other"},
                 .codes = {},
                 .numbers = {}},
                {.name = "region", .texts = {"eu", "us", "ap"}, .codes = {}, .numbers = {}},
                {.name = "user", .texts = {}, .codes = {}, .numbers = {}},
                {.name = "tool", .texts = {}, .codes = {}, .numbers = {}},
                {.name = "tokens", .texts = {}, .codes = {}, .numbers = {}}};
    for (std::uint32_t user = 0; user < 200; ++user) {
      columns_[kUser].texts.push_back(std::to_string(user));
    }
    for (std::size_t run = 0; run < kRuns; ++run) {
      columns_[kModel].codes.push_back(Draw(4));
      columns_[kRegion].codes.push_back(Draw(3));
      columns_[kUser].codes.push_back(Draw(200));
      columns_[kTool].numbers.push_back(Draw(10) < 2 ? 1 : kMissing);
      columns_[kTokens].numbers.push_back(Draw(10'000));
    }
  }

  // Selects 60 % of the runs for which `is_cause(run)`, and 10 % of the others.
  template <typename Cause>
  std::vector<Difference> Find(Cause&& is_cause) {
    std::vector<bool> is_selected;
    for (std::size_t run = 0; run < kRuns; ++run) {
      is_selected.push_back(Draw(100) < (is_cause(run) ? 60U : 10U));
    }
    return FindDifferences(columns_, is_selected);
  }

  std::uint32_t Text(std::size_t column, std::size_t run) const {
    return columns_[column].codes[run];
  }

  double Number(std::size_t column, std::size_t run) const { return columns_[column].numbers[run]; }

  std::vector<RunColumn>& columns() { return columns_; }

  static constexpr std::size_t kRuns = 1000;

 private:
  std::uint32_t Draw(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

  std::mt19937 random_;
  std::vector<RunColumn> columns_;
};

TEST(FindDifferencesTest, FindsAValue) {
  Table table;
  const auto found = table.Find([&](std::size_t run) { return table.Text(kModel, run) == 2; });
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].conditions.size(), 1U);
  EXPECT_EQ(found[0].conditions[0],
            (RunCondition{.column = kModel, .kind = Kind::kEquals, .code = 2}));
  EXPECT_GT(found[0].lift, 2);
  EXPECT_LT(found[0].p, 1e-9);
  EXPECT_NEAR(static_cast<double>(found[0].runs), 250, 60);
  EXPECT_EQ(found[0].examples.size(), 5U);
}

TEST(FindDifferencesTest, FindsThatThereIsAValue) {
  Table table;
  const auto found =
      table.Find([&](std::size_t run) { return !std::isnan(table.Number(kTool, run)); });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].conditions,
            (std::vector<RunCondition>{{.column = kTool, .kind = Kind::kPresent}}));
}

TEST(FindDifferencesTest, FindsAThreshold) {
  Table table;
  const auto found =
      table.Find([&](std::size_t run) { return table.Number(kTokens, run) >= 8000; });
  ASSERT_FALSE(found.empty());
  ASSERT_EQ(found[0].conditions.size(), 1U);
  EXPECT_EQ(found[0].conditions[0].kind, Kind::kAtLeast);
  EXPECT_NEAR(found[0].conditions[0].low, 8000, 300);
}

TEST(FindDifferencesTest, FindsARange) {
  Table table;
  const auto found = table.Find([&](std::size_t run) {
    return table.Number(kTokens, run) >= 4000 && table.Number(kTokens, run) <= 6000;
  });
  ASSERT_FALSE(found.empty());
  ASSERT_EQ(found[0].conditions.size(), 1U);
  EXPECT_EQ(found[0].conditions[0].kind, Kind::kBetween);
  EXPECT_NEAR(found[0].conditions[0].low, 4000, 400);
  EXPECT_NEAR(found[0].conditions[0].high, 6000, 400);
}

TEST(FindDifferencesTest, FindsTwoConditionsThatMustHoldTogether) {
  Table table;
  const auto found = table.Find([&](std::size_t run) {
    return table.Text(kModel, run) == 1 && table.Text(kRegion, run) == 0;
  });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].conditions,
            (std::vector<RunCondition>{{.column = kModel, .kind = Kind::kEquals, .code = 1},
                                       {.column = kRegion, .kind = Kind::kEquals, .code = 0}}));
}

TEST(FindDifferencesTest, FindsTwoCausesOneAfterTheOther) {
  Table table;
  const auto found = table.Find([&](std::size_t run) {
    return table.Text(kModel, run) == 1 || table.Number(kTokens, run) <= 1500;
  });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].conditions[0].column, kModel);
  EXPECT_EQ(found[1].conditions[0].kind, Kind::kAtMost);
  EXPECT_NEAR(found[1].conditions[0].high, 1500, 200);
}

TEST(FindDifferencesTest, DoesNotAskForLessWhereThatIsTheEffect) {
  Table table;
  table.columns()[kTokens].is_never_upper_bound = true;
  for (const Difference& found :
       table.Find([&](std::size_t run) { return table.Number(kTokens, run) <= 2000; })) {
    for (const RunCondition& condition : found.conditions) {
      EXPECT_NE(condition.column, kTokens);
    }
  }
}

TEST(FindDifferencesTest, NamesConditionsThatAreTrueOfTheSameRuns) {
  Table table;
  table.columns().push_back(table.columns()[kModel]);
  table.columns().back().name = "build";
  const auto found = table.Find([&](std::size_t run) { return table.Text(kModel, run) == 2; });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].also,
            (std::vector<RunCondition>{{.column = 5, .kind = Kind::kEquals, .code = 2}}));
}

TEST(FindDifferencesTest, KeepsItsLevelWhereNothingDiffers) {
  int false_findings = 0;
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    Table table(seed);
    false_findings += table.Find([](std::size_t) { return false; }).empty() ? 0 : 1;
  }
  EXPECT_LE(false_findings, 5);
}

TEST(FindDifferencesTest, FindsNothingWhenNoneOrAllAreSelected) {
  const std::vector<RunColumn> columns = Table().columns();
  EXPECT_TRUE(FindDifferences(columns, std::vector<bool>(Table::kRuns, false)).empty());
  EXPECT_TRUE(FindDifferences(columns, std::vector<bool>(Table::kRuns, true)).empty());
  EXPECT_TRUE(FindDifferences({}, {}).empty());
}

}  // namespace
}  // namespace sightline::analytics
