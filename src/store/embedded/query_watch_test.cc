// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/query_watch.h"

#include <chrono>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"

namespace sightline::store::embedded {
namespace {

using std::chrono::steady_clock;

// Would take minutes.
constexpr const char* kEndless =
    "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = -1";

class QueryWatchTest : public ::testing::Test {
 protected:
  QueryWatchTest()
      : database_(Database::Open({.memory_bytes = 64 << 20,
                                  .threads = 1,
                                  .spill_directory = directory_.path() / "spill"})
                      .value()),
        connection_(database_->Connect().value()) {}

  base::TempDirectory directory_;
  base::LossTable losses_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

// The watch looks again and again whether it has ended.
TEST_F(QueryWatchTest, StopsALateQueryAndCountsItOnce) {
  QueryWatch watch(losses_);
  const QueryWatch::Guard guard(watch, *connection_,
                                steady_clock::now() + std::chrono::milliseconds(10));
  EXPECT_FALSE(connection_->QueryIntegers(kEndless).has_value());
  // The next statement of the same read is stopped as well.
  EXPECT_FALSE(connection_->QueryIntegers(kEndless).has_value());
  EXPECT_EQ(losses_.count(base::Loss::kQueryTimedOut), 1U);
}

TEST_F(QueryWatchTest, LeavesOthersAlone) {
  QueryWatch watch(losses_);
  const auto other = database_->Connect().value();
  const QueryWatch::Guard patient(watch, *other, steady_clock::now() + std::chrono::hours(1));
  {
    const QueryWatch::Guard guard(watch, *connection_, steady_clock::now());
    EXPECT_FALSE(connection_->QueryIntegers(kEndless).has_value());
  }
  EXPECT_TRUE(other->QueryIntegers("SELECT 1").has_value());
  EXPECT_TRUE(connection_->QueryIntegers("SELECT 1").has_value()) << "it is watched no more";
}

}  // namespace
}  // namespace sightline::store::embedded
