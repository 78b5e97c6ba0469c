// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/duck.h"

#include <atomic>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

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

// A list of runs was empty for a moment now and then: see "disabled_optimizers" in duck.cc. Without
// that about one of 200 reads misses.
TEST_F(DuckTest, FindsEachCommittedRowInOrderWhileOthersAreWritten) {
  const base::TempDirectory directory;
  const auto database = Database::Open({.memory_bytes = std::uint64_t{200} << 20U}).value();
  const auto writer = database->Connect().value();
  for (const std::string& sql :
       {fmt::format("ATTACH '{}' AS day (ROW_GROUP_SIZE 32768)",
                    (directory.path() / "facts.duckdb").string()),
        std::string("SET checkpoint_threshold = '50KB'"),
        std::string("CREATE TABLE day.runs (id VARCHAR, start_ns BIGINT, note VARCHAR)")}) {
    ASSERT_TRUE(writer->Execute(sql).has_value()) << sql;
  }
  constexpr int kRowsOfWrite = 300;
  constexpr int kWrites = 150;
  std::atomic<int> written = 0;
  std::atomic<int> missed = 0;
  std::atomic<int> reads = 0;
  std::vector<std::jthread> readers;
  for (unsigned i = 0; i < 2; ++i) {
    readers.emplace_back([&, i](const std::stop_token& stop) {
      std::minstd_rand random(i + 1);
      const auto reader = database->Connect().value();
      while (!stop.stop_requested()) {
        if (const int rows = written; rows > 0) {
          const auto id = fmt::format("run-{}", random() % static_cast<unsigned>(rows));
          const auto found = reader->QueryIntegers(
              "SELECT start_ns FROM day.runs WHERE id = ? ORDER BY start_ns DESC LIMIT 34",
              {Param::Text(id)});
          missed += found.has_value() ? 0 : 1;
          ++reads;
        }
      }
    });
  }
  for (int i = 0; i < kWrites; ++i) {
    const auto done = writer->Execute(
        fmt::format("INSERT INTO day.runs SELECT 'run-' || i, i, repeat('x', 100) || i FROM "
                    "range({}, {}) t(i)",
                    i * kRowsOfWrite, (i + 1) * kRowsOfWrite));
    ASSERT_TRUE(done.has_value()) << done.error().message();
    written += kRowsOfWrite;
  }
  readers.clear();
  EXPECT_GT(reads, 100);
  EXPECT_EQ(missed, 0);
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
