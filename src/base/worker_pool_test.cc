// SPDX-License-Identifier: Apache-2.0
#include "base/worker_pool.h"

#include <future>
#include <memory>
#include <new>

#include <gtest/gtest.h>

namespace sightline::base {
namespace {

TEST(WorkerPoolTest, GoesOnAfterWorkThatThrows) {
  LossTable losses;
  WorkerPool pool("test", 1, 10, losses);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(pool.TrySubmit([] { throw std::bad_alloc(); }));
  }
  std::promise<void> done;
  ASSERT_TRUE(pool.TrySubmit([&] { done.set_value(); }));
  EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(losses.count(Loss::kTaskFailed), 3U);
}

// A request that is given up must not wait for an answer: what gives it dies with the work.
TEST(WorkerPoolTest, LetsGoOfWhatWorkThatThrowsHolds) {
  LossTable losses;
  WorkerPool pool("test", 1, 10, losses);
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = held;
  ASSERT_TRUE(pool.TrySubmit([held = std::move(held)] { throw std::bad_alloc(); }));
  pool.Stop();
  EXPECT_TRUE(watched.expired());
}

TEST(WorkerPoolTest, FinishesWhatIsQueuedAndThenTakesNoMore) {
  LossTable losses;
  WorkerPool pool("test", 1, 10, losses);
  std::promise<void> go;
  int done = 0;
  ASSERT_TRUE(pool.TrySubmit([&] { go.get_future().wait(); }));
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(pool.TrySubmit([&] { ++done; }));
  }
  go.set_value();
  pool.Stop();
  EXPECT_EQ(done, 5);
  EXPECT_FALSE(pool.TrySubmit([] {}));
}

}  // namespace
}  // namespace sightline::base
