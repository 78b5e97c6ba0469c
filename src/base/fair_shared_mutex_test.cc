// SPDX-License-Identifier: Apache-2.0
#include "base/fair_shared_mutex.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::base {
namespace {

using std::chrono::steady_clock;

steady_clock::time_point Past() {
  return steady_clock::now() - std::chrono::seconds(1);
}

steady_clock::time_point Soon() {
  return steady_clock::now() + std::chrono::seconds(30);
}

// Until somebody waits for having it alone.
void WaitForWriter(const FairSharedMutex& mutex) {
  const auto deadline = Soon();
  while (mutex.wanting_alone() == 0 && steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  ASSERT_EQ(mutex.wanting_alone(), 1);
}

TEST(FairSharedMutexTest, IsSharedByManyOrHeldByOne) {
  FairSharedMutex mutex;
  {
    const std::shared_lock first(mutex);
    EXPECT_TRUE(mutex.try_lock_shared_until(Past()));
    mutex.unlock_shared();
  }
  const std::unique_lock alone(mutex);
  EXPECT_FALSE(mutex.try_lock_shared_until(Past()));
}

TEST(FairSharedMutexTest, WhoComesLaterDoesNotPassOneWhoWantsItAlone) {
  FairSharedMutex mutex;
  mutex.lock_shared();
  std::jthread writer([&] { const std::unique_lock alone(mutex); });
  WaitForWriter(mutex);
  EXPECT_FALSE(mutex.try_lock_shared_until(Past()));
  mutex.unlock_shared();
  EXPECT_TRUE(mutex.try_lock_shared_until(Soon()));
  mutex.unlock_shared();
}

// Readers that overlap without a gap: with std::shared_mutex the writer would never come in.
TEST(FairSharedMutexTest, LetsAWriterInBetweenSteadyReaders) {
  FairSharedMutex mutex;
  std::atomic<bool> is_over = false;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      std::shared_lock held(mutex);
      while (!is_over) {
        // The next one begins before this one ends, if nobody waits.
        if (mutex.try_lock_shared_until(Past())) {
          mutex.unlock_shared();
        } else {
          held.unlock();
          held.lock();
        }
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    const std::unique_lock alone(mutex);
  }
  is_over = true;
}

TEST(FairSharedMutexTest, HasOneAloneAtATime) {
  FairSharedMutex mutex;
  int value = 0;  // Guarded by it.
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 1000; ++j) {
          const std::unique_lock alone(mutex);
          ++value;
        }
      });
    }
  }
  EXPECT_EQ(value, 4000);
}

}  // namespace
}  // namespace sightline::base
