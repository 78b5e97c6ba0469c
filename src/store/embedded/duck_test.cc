// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/duck.h"

#include <memory>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"

namespace sightline::store::embedded {
namespace {

using testing::HasSubstr;
using testing::Not;

class DuckTest : public testing::Test {
 protected:
  DuckTest()
      : database_(Database::Open({.memory_bytes = std::uint64_t{20} << 20U}).value()),
        connection_(database_->Connect().value()) {}

  base::Error ErrorOf(const std::string& sql) {
    const auto result = connection_->Query(sql);
    EXPECT_FALSE(result.has_value());
    return result.has_value() ? base::Error(base::Code::kInternal, "none") : result.error();
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(DuckTest, SaysInOneSentenceThatAQueryNeedsTooMuchMemoryNow) {
  const base::Error error = ErrorOf("SELECT list(range) FROM range(20000000)");
  EXPECT_EQ(error.code(), base::Code::kUnavailable);
  EXPECT_THAT(error.message(), HasSubstr("out of memory for queries"));
  EXPECT_THAT(error.message(), Not(HasSubstr("\n")));
}

TEST_F(DuckTest, TellsWhatIsWrongWithAStatement) {
  const base::Error error = ErrorOf("SELECT nothing FROM nowhere");
  EXPECT_EQ(error.code(), base::Code::kInternal);
  EXPECT_THAT(error.message(), HasSubstr("nowhere"));
}

TEST_F(DuckTest, UsesTheDiskForAQueryThatNeedsMoreMemory) {
  const std::string sql = "SELECT count(*) FROM (SELECT DISTINCT hash(range) FROM range(2000000))";
  EXPECT_EQ(ErrorOf(sql).code(), base::Code::kUnavailable);
  const base::TempDirectory directory;
  const auto database = Database::Open({.memory_bytes = std::uint64_t{20} << 20U,
                                        .spill_directory = directory.path() / "spill"})
                            .value();
  const auto counted = database->Connect().value()->QueryIntegers(sql);
  ASSERT_TRUE(counted.has_value()) << counted.error().message();
  EXPECT_EQ(counted->front(), 2'000'000);
}

// Opening a day asks for the least and the greatest time of its tables: that must not read them.
TEST_F(DuckTest, KnowsTheRangeOfAColumnOfAFileWithoutReadingIt) {
  const base::TempDirectory directory;
  const std::string attach =
      fmt::format("ATTACH '{}' AS day", (directory.path() / "facts.duckdb").string());
  for (const std::string& sql :
       {attach,
        std::string("CREATE TABLE day.facts AS SELECT range AS start_ns FROM range(100000)"),
        std::string("DETACH day"), attach}) {
    ASSERT_TRUE(connection_->Execute(sql).has_value()) << sql;
  }
  QueryResult plan = connection_
                         ->Query(
                             "EXPLAIN SELECT coalesce(min(start_ns), ?), "
                             "coalesce(max(start_ns), ?) FROM day.facts",
                             {Param::Integer(5), Param::Integer(6)})
                         .value();
  std::string text;
  while (const auto chunk = plan.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      text += chunk->text(1, row);
    }
  }
  EXPECT_THAT(text, Not(HasSubstr("SEQ_SCAN")));
  EXPECT_THAT(text, HasSubstr("COLUMN_DATA_SCAN"));
}

}  // namespace
}  // namespace sightline::store::embedded
