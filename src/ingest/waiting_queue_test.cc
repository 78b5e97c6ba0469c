// SPDX-License-Identifier: Apache-2.0
#include "ingest/waiting_queue.h"

#include <atomic>
#include <chrono>
#include <future>
#include <optional>

#include <gtest/gtest.h>

namespace sightline::ingest {
namespace {

using std::chrono::milliseconds;

// Numbers; those that were put back go on when they are at most `let_on`.
class WaitingQueueTest : public ::testing::Test {
 protected:
  using Queue = WaitingQueue<int>;

  void Push(int item) { EXPECT_TRUE(queue_.TryPush(std::move(item))); }

  // What Pop says while nothing changes: it must be there already.
  Queue::Taken Take() { return queue_.Pop().value(); }

  void PutBack(int item) {
    Push(item);
    queue_.PutBack(Take());
  }

  base::ManualClock clock_{0};
  std::atomic<bool> is_open_ = true;
  std::atomic<int> let_on_ = 0;
  Queue queue_{{.capacity = 3, .patience = milliseconds(1000), .poll = milliseconds(1)},
               clock_,
               [this] { return is_open_.load(); },
               [this](int item) { return item <= let_on_; }};
};

TEST_F(WaitingQueueTest, HandsOutInOrder) {
  Push(1);
  Push(2);
  EXPECT_EQ(Take().item, 1);
  const Queue::Taken second = Take();
  EXPECT_EQ(second.item, 2);
  EXPECT_FALSE(second.is_too_late);
}

TEST_F(WaitingQueueTest, RefusesWhenFullOrClosed) {
  for (const int item : {1, 2, 3}) {
    Push(item);
  }
  EXPECT_FALSE(queue_.TryPush(4));
  EXPECT_EQ(queue_.size(), 3U);
  queue_.Close();
  Take();
  EXPECT_FALSE(queue_.TryPush(5));
}

TEST_F(WaitingQueueTest, HoldsItemsWhileTheGateIsClosed) {
  is_open_ = false;
  Push(1);
  auto taken = std::async(std::launch::async, [this] { return Take(); });
  clock_.Advance(milliseconds(999));
  EXPECT_EQ(taken.wait_for(milliseconds(20)), std::future_status::timeout);
  is_open_ = true;
  EXPECT_FALSE(taken.get().is_too_late);
}

TEST_F(WaitingQueueTest, SaysWhatHasWaitedForTooLong) {
  is_open_ = false;
  Push(1);
  clock_.Advance(milliseconds(600));
  Push(2);
  clock_.Advance(milliseconds(400));
  const Queue::Taken late = Take();
  EXPECT_EQ(late.item, 1);
  EXPECT_TRUE(late.is_too_late);
  EXPECT_EQ(queue_.size(), 1U) << "the other came later";
}

TEST_F(WaitingQueueTest, HandsOutWhatIsLateWhenTheGateIsOpen) {
  Push(1);
  clock_.Advance(milliseconds(5000));
  EXPECT_FALSE(Take().is_too_late) << "it waited for a thread, not for room";
}

TEST_F(WaitingQueueTest, LetsOthersPassWhatWasPutBack) {
  PutBack(7);
  Push(1);
  EXPECT_EQ(Take().item, 1);
  Push(2);
  let_on_ = 7;
  EXPECT_EQ(Take().item, 7) << "it came first";
  EXPECT_EQ(Take().item, 2);
}

TEST_F(WaitingQueueTest, KeepsTheAgeOfWhatWasPutBack) {
  Push(7);
  clock_.Advance(milliseconds(700));
  queue_.PutBack(Take());
  clock_.Advance(milliseconds(300));
  const Queue::Taken late = Take();
  EXPECT_EQ(late.item, 7);
  EXPECT_TRUE(late.is_too_late);
}

TEST_F(WaitingQueueTest, EndsWhenItIsClosedAndDrained) {
  is_open_ = false;
  Push(1);
  queue_.Close();
  clock_.Advance(milliseconds(1000));
  EXPECT_TRUE(Take().is_too_late);
  EXPECT_FALSE(queue_.Pop().has_value());
}

}  // namespace
}  // namespace sightline::ingest
