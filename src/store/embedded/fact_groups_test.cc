// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/fact_groups.h"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::store::embedded {
namespace {

using query::FactKey;
using ::testing::ElementsAre;

class FactGroupsTest : public ::testing::Test {
 protected:
  void Add(std::string_view session, std::string_view user, std::int64_t tokens, int sign = 1) {
    table_.facts.push_back({.start_ns = 100,
                            .input_tokens = tokens,
                            .session = table_.NumberOf(session),
                            .user = table_.NumberOf(user),
                            .sign = static_cast<std::int8_t>(sign)});
  }

  static std::vector<std::string> LinesOf(FactGroups& sums) {
    std::vector<std::string> lines;
    const auto groups = sums.Take();
    for (const query::FactGroup& group : *groups) {
      std::string line;
      for (const std::string& key : group.keys) {
        line += key + " ";
      }
      lines.push_back(
          fmt::format("{}n={} tokens={}", line, group.sums.count, group.sums.input_tokens));
    }
    return lines;
  }

  model::FactTable table_;
};

TEST_F(FactGroupsTest, AddsUpAsOneWhatIsBeyondTheLimit) {
  Add("a", "ada", 1);
  Add("b", "bob", 10);
  Add("c", "ada", 100);
  Add("a", "ada", 1000);
  Add("d", "eve", 10000);
  const query::FactQuery query{.by = {FactKey::kSession, FactKey::kUser}};
  FactGroups sums(query, 2);
  ASSERT_TRUE(sums.AddTable(table_).has_value());
  EXPECT_THAT(LinesOf(sums),
              ElementsAre("(more names than are kept apart) (more names than are kept apart) "
                          "n=2 tokens=10100",
                          "a ada n=2 tokens=1001", "b bob n=1 tokens=10"));
}

TEST_F(FactGroupsTest, TakesBackFromWhereItWasAdded) {
  Add("a", "ada", 1);
  Add("b", "bob", 10);
  Add("b", "bob", 10, -1);
  Add("a", "ada", 1, -1);
  const query::FactQuery query{.by = {FactKey::kSession}};
  FactGroups sums(query, 1);
  ASSERT_TRUE(sums.AddTable(table_).has_value());
  EXPECT_THAT(LinesOf(sums), ElementsAre());
}

TEST_F(FactGroupsTest, AddsGroupsOfSeveralAnswers) {
  Add("a", "ada", 1);
  Add("b", "bob", 10);
  const query::FactQuery query{.by = {FactKey::kSession}};
  FactGroups first(query, 1);
  ASSERT_TRUE(first.AddTable(table_).has_value());
  FactGroups all(query, 1);
  ASSERT_TRUE(all.AddTable(table_).has_value());
  ASSERT_TRUE(all.Add(first.TakeAll()).has_value());
  EXPECT_THAT(LinesOf(all),
              ElementsAre("(more names than are kept apart) n=2 tokens=20", "a n=2 tokens=2"));
}

TEST_F(FactGroupsTest, RefusesMoreStepsOfTimeThanItHolds) {
  for (int i = 0; i < 5; ++i) {
    Add("a", "ada", 1);
    table_.facts.back().start_ns = i;
  }
  const query::FactQuery query{.by = {}, .bucket_ns = 1};
  FactGroups sums(query, 2);
  const auto added = sums.AddTable(table_);
  ASSERT_FALSE(added.has_value());
  EXPECT_EQ(added.error().code(), base::Code::kInvalidArgument);
}

}  // namespace
}  // namespace sightline::store::embedded
