// SPDX-License-Identifier: Apache-2.0
#include "ingest/row_room.h"

#include <future>
#include <memory>

#include <gtest/gtest.h>

namespace sightline::ingest {
namespace {

TEST(RowRoomTest, TakesBatchesUpToItsLimit) {
  RowRoom room(100);
  const auto first = room.Take(60);
  auto second = room.Take(40);
  EXPECT_EQ(room.taken(), 100U);
  second.reset();
  EXPECT_EQ(room.taken(), 60U);
}

TEST(RowRoomTest, TakesOneBatchThatIsLargerWhenItIsAlone) {
  RowRoom room(100);
  const auto only = room.Take(1000);
  EXPECT_EQ(room.taken(), 1000U);
}

TEST(RowRoomTest, MakesTheNextWaitUntilThereIsRoom) {
  RowRoom room(100);
  auto first = room.Take(80);
  std::promise<void> begun;
  std::future<std::shared_ptr<const void>> second = std::async(std::launch::async, [&] {
    begun.set_value();
    return room.Take(30);
  });
  begun.get_future().wait();
  EXPECT_EQ(room.taken(), 80U);
  first.reset();
  const auto taken = second.get();
  EXPECT_EQ(room.taken(), 30U);
}

}  // namespace
}  // namespace sightline::ingest
