// SPDX-License-Identifier: Apache-2.0
#include "net/outbound_queue.h"

#include <gtest/gtest.h>

namespace sightline::net {
namespace {

Payload Text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

TEST(OutboundQueueTest, RefusesOverItsLimitAndTellsWhenThereIsRoom) {
  OutboundQueue queue(10);
  EXPECT_EQ(queue.Push(Text("aaaaa"), ""), SendResult::kQueued);
  EXPECT_EQ(queue.Push(Text("bbbbb"), ""), SendResult::kQueued);
  EXPECT_EQ(queue.Push(Text("c"), ""), SendResult::kFull);
  EXPECT_EQ(queue.queued_bytes(), 10U);
  OutboundQueue::Taken taken = queue.Take();
  EXPECT_EQ(*taken.payload, "aaaaa");
  EXPECT_FALSE(taken.is_writable) << "the first is still being written";
  EXPECT_EQ(queue.queued_bytes(), 10U);
  taken = queue.Take();
  EXPECT_EQ(*taken.payload, "bbbbb");
  EXPECT_TRUE(taken.is_writable);
  EXPECT_EQ(queue.queued_bytes(), 5U);
  EXPECT_FALSE(queue.Take().is_writable) << "told once";
}

TEST(OutboundQueueTest, TakesOnePayloadOfAnySizeWhenEmpty) {
  OutboundQueue queue(4);
  EXPECT_EQ(queue.Push(Text("larger than the limit"), ""), SendResult::kQueued);
  EXPECT_EQ(queue.Push(Text("x"), ""), SendResult::kFull);
}

TEST(OutboundQueueTest, ReplacesAWaitingPayloadOfTheSameKeyInPlace) {
  OutboundQueue queue(100);
  queue.Push(Text("state 1"), "state");
  queue.Push(Text("other"), "");
  EXPECT_EQ(queue.Push(Text("state 22"), "state"), SendResult::kReplaced);
  EXPECT_EQ(queue.queued_bytes(), 13U);
  EXPECT_EQ(*queue.Take().payload, "state 22");
  EXPECT_EQ(queue.Push(Text("state 3"), "state"), SendResult::kQueued)
      << "one that is being written is not replaced";
  EXPECT_EQ(*queue.Take().payload, "other");
  EXPECT_EQ(*queue.Take().payload, "state 3");
}

TEST(OutboundQueueTest, ReplacesEvenWhenFull) {
  OutboundQueue queue(10);
  queue.Push(Text("12345"), "state");
  queue.Push(Text("12345"), "");
  EXPECT_EQ(queue.Push(Text("54321"), "state"), SendResult::kReplaced);
  EXPECT_EQ(queue.Push(Text("654321"), "state"), SendResult::kFull);
  EXPECT_EQ(*queue.Take().payload, "54321");
}

TEST(OutboundQueueTest, GivesOutWhatWaitsAfterClose) {
  OutboundQueue queue(10);
  queue.Push(Text("a"), "");
  queue.Close();
  EXPECT_EQ(queue.Push(Text("b"), ""), SendResult::kClosed);
  OutboundQueue::Taken taken = queue.Take();
  EXPECT_EQ(*taken.payload, "a");
  EXPECT_FALSE(taken.is_closed);
  EXPECT_TRUE(queue.Take().is_closed);
}

TEST(OutboundQueueTest, WakesOnceAfterTakeFoundNothing) {
  OutboundQueue queue(10);
  int wakes = 0;
  queue.Attach([&wakes] { ++wakes; });
  queue.Push(Text("a"), "");
  EXPECT_EQ(wakes, 0) << "the connection has not looked yet";
  queue.Take();
  EXPECT_EQ(queue.Take().payload, nullptr);
  queue.Push(Text("b"), "");
  queue.Push(Text("c"), "");
  EXPECT_EQ(wakes, 1);
  queue.Detach();
  EXPECT_EQ(queue.Push(Text("d"), ""), SendResult::kClosed);
  EXPECT_EQ(queue.queued_bytes(), 0U);
  EXPECT_EQ(wakes, 1);
}

TEST(PayloadRoomTest, CountsAPayloadOnceUntilNobodyHasIt) {
  const auto room = std::make_shared<PayloadRoom>(100);
  Payload payload = room->Make(std::string(60, 'x'));
  Payload copy = payload;
  EXPECT_GE(room->bytes(), 60U);
  EXPECT_LT(room->bytes(), 120U);
  payload.reset();
  EXPECT_GE(room->bytes(), 60U);
  copy.reset();
  EXPECT_EQ(room->bytes(), 0U);
}

TEST(PayloadRoomTest, LetsEveryQueueHaveOnePayloadWhenItIsFull) {
  const auto room = std::make_shared<PayloadRoom>(100);
  OutboundQueue queue(1000, room);
  const Payload large = room->Make(std::string(200, 'x'));
  EXPECT_EQ(queue.Push(large, ""), SendResult::kQueued);
  EXPECT_EQ(queue.Push(room->Make("more"), ""), SendResult::kFull);
  OutboundQueue other(1000, room);
  EXPECT_EQ(other.Push(large, ""), SendResult::kQueued);
}

}  // namespace
}  // namespace sightline::net
