// SPDX-License-Identifier: Apache-2.0
// Days that an older version of Sightline wrote.
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/name_set.h"
#include "store/embedded/day.h"
#include "store/embedded/duck.h"
#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using query::FactKey;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class UpgradeTest : public EmbeddedStoreTest {
 protected:
  // A day with a run and its fact.
  void StoreRun(std::uint8_t number, std::uint64_t position) {
    model::RunRecord run = RunNumber(number, position);
    run.version = "2.0";
    Settle(run);
    model::FactTable& table = runs_.next_cut.facts;
    table.facts.push_back({.start_ns = run.start_ns,
                           .workflow = table.NumberOf("w"),
                           .version = table.NumberOf("2.0"),
                           .tags = table.NumberOf(model::InSet("beta")),
                           .kind = model::Fact::kRun});
    BatchBuilder batch(position, kNoon);
    batch.AddSpan(number, 1, "run");
    // Long enough for grams.
    batch.WithBody(number, fmt::format("what run {} said{}", number, std::string(33'000, '.')));
    Commit(batch.Build());
    Seal();
  }

  // Closes the store and changes the tables of its only day.
  void Execute(std::initializer_list<const char*> statements) {
    store_.reset();
    const auto database = Database::Open({}).value();
    const auto connection = database->Connect().value();
    const auto path = DatabasePath(DayPath(directory_, base::DayOf(kNoon)));
    ASSERT_TRUE(connection->Execute(fmt::format("ATTACH {} AS old", QuotedPath(path))).has_value());
    for (const char* statement : statements) {
      const auto done = connection->Execute(statement);
      ASSERT_TRUE(done.has_value()) << done.error().message();
    }
    ASSERT_TRUE(connection->Execute("DETACH old").has_value());
  }

  std::vector<std::string> Versions() {
    const query::FactQuery query{.of_runs = true, .by = {FactKey::kVersion, FactKey::kTag}};
    const auto answers = store_->SumFacts({&query, 1}, Soon());
    EXPECT_TRUE(answers.has_value()) << answers.error().ToString();
    std::vector<std::string> lines;
    for (const query::FactGroup& group : (*answers)[0]) {
      lines.push_back(fmt::format("{}/{}: {}", group.keys[0], group.keys[1], group.sums.count));
    }
    return lines;
  }
};

TEST_F(UpgradeTest, BringsADayOfFormat4UpToDate) {
  StoreRun(1, 1);
  Execute({"ALTER TABLE old.runs DROP COLUMN version", "ALTER TABLE old.runs DROP COLUMN tags",
           "ALTER TABLE old.runs DROP COLUMN environment",
           "ALTER TABLE old.runs DROP COLUMN prompt_versions",
           "ALTER TABLE old.facts DROP COLUMN version", "ALTER TABLE old.facts DROP COLUMN tags",
           "ALTER TABLE old.facts DROP COLUMN environment",
           "ALTER TABLE old.facts DROP COLUMN prompts", "DROP TABLE old.gram_frames",
           "ALTER TABLE old.facts DROP COLUMN first_token_ns",
           "UPDATE old.format SET version = 4"});
  EXPECT_THAT(CheckStore(directory_).value().problems, ElementsAre(HasSubstr("format 4")));
  for (int start = 0; start < 2; ++start) {
    Reopen();
    EXPECT_THAT(List({}), ElementsAre(1));
    EXPECT_THAT(List({.version = "2.0"}), IsEmpty());
    EXPECT_THAT(List({.text = "what run 1 said"}), ElementsAre(1));
    EXPECT_THAT(Versions(), ElementsAre("/: 1"));
  }
  StoreRun(2, 2);
  EXPECT_THAT(List({.text = "what run 2 said"}), ElementsAre(2));
  EXPECT_THAT(List({.version = "2.0"}), ElementsAre(2));
  EXPECT_THAT(Versions(), ElementsAre("/: 1", "2.0/beta: 1"));
  ExpectClean();
}

TEST_F(UpgradeTest, BringsADayOfFormat5UpToDate) {
  StoreRun(1, 1);
  Execute(
      {"ALTER TABLE old.facts DROP COLUMN first_token_ns", "UPDATE old.format SET version = 5"});
  EXPECT_THAT(CheckStore(directory_).value().problems, ElementsAre(HasSubstr("format 5")));
  for (int start = 0; start < 2; ++start) {
    Reopen();
    EXPECT_THAT(List({.version = "2.0"}), ElementsAre(1));
    EXPECT_THAT(Versions(), ElementsAre("2.0/beta: 1"));
  }
  StoreRun(2, 2);
  EXPECT_THAT(Versions(), ElementsAre("2.0/beta: 2"));
  ExpectClean();
}

TEST_F(UpgradeTest, LeavesOutADayOfAnyOtherFormatAndSaysSo) {
  StoreRun(1, 1);
  Execute({"UPDATE old.format SET version = 3"});
  Reopen();
  EXPECT_THAT(store_->stats().problems, ElementsAre(HasSubstr("format 3")));
  EXPECT_THAT(List({}), IsEmpty());
}

}  // namespace
}  // namespace sightline::store::embedded
