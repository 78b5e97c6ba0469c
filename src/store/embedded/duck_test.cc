// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/duck.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace sightline::store::embedded
