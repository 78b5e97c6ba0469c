// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/embedded/store_for_testing.h"

// Sealing what does not fit: long rows, long bodies and little memory.

namespace sightline::store::embedded {
namespace {

using ::testing::SizeIs;

class SealTest : public EmbeddedStoreTest {
 protected:
  // One trace a batch, numbered from `first`, each of kLongRows spans with attributes of `length`.
  void CommitLongRows(std::uint8_t batches, std::size_t length, std::uint8_t first = 1) {
    for (std::uint8_t batch = 0; batch < batches; ++batch) {
      const auto trace = static_cast<std::uint8_t>(first + batch);
      BatchBuilder builder(trace, kNoon);
      for (std::uint8_t span = 1; span <= kLongRows; ++span) {
        builder.AddSpan(trace, span, "a step").attributes =
            builder.batch().arena.Copy(std::string(length, 'x'));
      }
      store_->Commit(builder.Build());
    }
  }

  // That traces 1 to `count` are all there, and nothing else.
  void ExpectLongRows(std::uint8_t count) {
    EXPECT_EQ(store_->stats().sealed_spans, std::uint64_t{count} * kLongRows);
    EXPECT_THAT(NamesOf(1), SizeIs(kLongRows));
    EXPECT_THAT(NamesOf(count), SizeIs(kLongRows));
    const auto newest = store_->NewestSpans(1'000'000, Soon());
    ASSERT_TRUE(newest.has_value()) << newest.error().message();
    EXPECT_THAT((*newest)->spans, SizeIs(count * kLongRows));
    EXPECT_EQ(ExpectClean().spans, std::uint64_t{count} * kLongRows);
    Reopen();
  }

  static constexpr std::uint8_t kLongRows = 250;
};

TEST_F(SealTest, SealsInSmallerPartsWhenMemoryIsShort) {
  options_.query_memory_bytes = std::uint64_t{48} << 20U;
  Reopen();
  CommitLongRows(80, 3'000);
  std::vector<bool> outcomes;
  while (store_->stats().unsealed_rows > 0 && outcomes.size() < 100) {
    outcomes.push_back(store_->SealNow().has_value());
  }
  EXPECT_FALSE(outcomes.front());  // Or the test does not test anything.
  EXPECT_TRUE(outcomes.back());
  ExpectLongRows(80);
}

// Each seal holds fewer rows than a row group: appended to one and the same group they would make
// vectors that do not fit into memory any more.
TEST_F(SealTest, SealsLongRowsWithoutEnd) {
  options_.seal_bytes = std::uint64_t{8} << 20U;
  Reopen();
  CommitLongRows(60, 20'000);
  Seal();
  ExpectLongRows(60);
  Reopen();
  CommitLongRows(3, 20'000, 61);
  Seal();
  ExpectLongRows(63);
}

TEST_F(SealTest, SealsLongBodiesWithoutEnd) {
  options_.seal_bytes = std::uint64_t{8} << 20U;
  Reopen();
  constexpr std::uint64_t kBodies = 300;
  for (std::uint64_t id = 1; id <= kBodies; ++id) {
    BatchBuilder builder(id, kNoon);
    builder.AddSpan(static_cast<std::uint8_t>(id % 250), 2, "call");
    builder.WithBody(id, fmt::format("{:0>1000000}", id));
    store_->Commit(builder.Build());
  }
  Seal();
  const std::vector<std::uint64_t> ids = {1, kBodies};
  const auto bodies = store_->LoadBodies(ids, Soon());
  ASSERT_TRUE(bodies.has_value()) << bodies.error().message();
  EXPECT_TRUE(bodies->at(kBodies).ends_with("0300"));
  EXPECT_EQ(ExpectClean().bodies, kBodies);
  Reopen();
}

}  // namespace
}  // namespace sightline::store::embedded
