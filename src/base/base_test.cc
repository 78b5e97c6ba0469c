// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounded_queue.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/loss.h"
#include "base/result.h"
#include "base/time_text.h"
#include "base/utf8.h"

namespace sightline::base {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) {
    return Error(Code::kInvalidArgument, "odd");
  }
  return value / 2;
}

Result<int> Quarter(int value) {
  const int half = TRY(Half(value));
  return TRY(Half(half));
}

TEST(ResultTest, TryReturnsTheFirstError) {
  EXPECT_EQ(Quarter(12).value(), 3);
  EXPECT_EQ(Quarter(6).error().message(), "odd");
  EXPECT_EQ(Quarter(6).error().WithContext("cannot quarter").message(), "cannot quarter: odd");
}

TEST(BoundedQueueTest, RejectsWhenFull) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.TryPush(1));
  EXPECT_TRUE(queue.TryPush(2));
  EXPECT_FALSE(queue.TryPush(3));
  EXPECT_EQ(queue.Pop(), 1);
  EXPECT_TRUE(queue.TryPush(3));
}

TEST(BoundedQueueTest, DrainsAfterClose) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.TryPush(1));
  queue.Close();
  EXPECT_FALSE(queue.TryPush(2));
  EXPECT_EQ(queue.Pop(), 1);
  EXPECT_EQ(queue.Pop(), std::nullopt);
}

TEST(BoundedQueueTest, HandsEachItemToOnePopper) {
  BoundedQueue<int> queue(1000);
  std::atomic<int> sum = 0;
  {
    std::vector<std::jthread> poppers;
    for (int i = 0; i < 4; ++i) {
      poppers.emplace_back([&] {
        while (const auto item = queue.Pop()) {
          sum += *item;
        }
      });
    }
    for (int i = 1; i <= 1000; ++i) {
      EXPECT_TRUE(queue.TryPush(int{i}));
    }
    queue.Close();
  }
  EXPECT_EQ(sum, 500500);
}

struct TimeCase {
  std::string_view name;
  std::string_view text;
  std::optional<std::int64_t> want_ns;
};

TEST(TimeTextTest, ParsesWhatClientsSend) {
  const std::vector<TimeCase> cases = {
      {"utc", "2026-03-01T12:00:00Z", 1772366400000000000},
      {"offset", "2026-03-01T14:00:00+02:00", 1772366400000000000},
      {"negative offset without colon", "2026-03-01T06:30:00-0530", 1772366400000000000},
      {"no zone is utc", "2026-03-01T12:00:00", 1772366400000000000},
      {"space and nanoseconds", "2026-03-01 12:00:00.123456789Z", 1772366400123456789},
      {"more digits than nanoseconds", "1970-01-01T00:00:00.0000000019Z", 1},
      {"date only", "1970-01-02", 86400000000000},
      {"before the epoch", "1969-12-31T23:59:59.5Z", -500000000},
      {"no such day", "2026-02-30", std::nullopt},
      {"no such hour", "2026-02-20T24:00:00Z", std::nullopt},
      {"too far", "9999-01-01", std::nullopt},
      {"trailing text", "2026-02-20T10:00:00Zx", std::nullopt},
      {"sign in a field", "2026--1-20", std::nullopt},
      {"empty", "", std::nullopt},
  };
  for (const TimeCase& c : cases) {
    EXPECT_EQ(ParseTimeNs(c.text), c.want_ns) << c.name;
  }
}

TEST(TimeTextTest, FormatsAnyInt64) {
  EXPECT_EQ(FormatTimeNs(1772366400123456789), "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(FormatTimeNs(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatDay(INT64_MAX), "2262-04-11");
  EXPECT_EQ(DayOf(-1), -1);
  EXPECT_EQ(DayOf(86400000000000), 1);
}

struct Utf8Case {
  std::string_view name;
  std::string_view text;
  std::string_view repaired;
};

TEST(Utf8Test, RepairsMaximalIllFormedParts) {
  const std::vector<Utf8Case> cases = {
      {"ascii", "plain text of some length", "plain text of some length"},
      {"chinese and emoji", "你好 🚀", "你好 🚀"},
      {"lone continuation", "a\x80z", "a\xEF\xBF\xBDz"},
      {"overlong", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"cut in the middle", "a\xF0\x9F\x9A", "a\xEF\xBF\xBD"},
      {"beyond unicode", "\xF5\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"after eight ascii bytes", "12345678\xFFz", "12345678\xEF\xBF\xBDz"},
  };
  for (const Utf8Case& c : cases) {
    EXPECT_EQ(RepairUtf8(c.text), c.repaired) << c.name;
    EXPECT_EQ(IsValidUtf8(c.text), c.text == c.repaired) << c.name;
    EXPECT_TRUE(IsValidUtf8(RepairUtf8(c.text))) << c.name;
  }
}

TEST(Utf8Test, TakesCodePointsOneByOne) {
  std::string_view text = "a\u00E9\u4F60\U0001F680\n";
  std::u32string taken;
  while (!text.empty()) {
    taken.push_back(TakeCodePoint(text));
  }
  EXPECT_EQ(taken, U"a\u00E9\u4F60\U0001F680\n");
}

TEST(Utf8Test, TruncatesBetweenCodePoints) {
  EXPECT_EQ(TruncateUtf8("你好", 4), "你");
  EXPECT_EQ(TruncateUtf8("你好", 2), "");
  EXPECT_EQ(TruncateUtf8("abc", 8), "abc");
}

TEST(HexTest, RoundTripsAnyLetterCase) {
  std::vector<std::uint8_t> bytes(2);
  EXPECT_TRUE(HexDecode("aBf0", bytes));
  EXPECT_EQ(HexEncode(bytes), "abf0");
  EXPECT_FALSE(HexDecode("abf", bytes));
  EXPECT_FALSE(HexDecode("abfg", bytes));
}

TEST(LossTest, NamesAreUniqueAndCountsAreKeptApart) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Loss::kCount); ++i) {
    const LossInfo& info = GetLossInfo(static_cast<Loss>(i));
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(info.text.ends_with('.')) << info.name;
  }
  LossTable table;
  table.Count(Loss::kSpanRepeated, 3);
  EXPECT_EQ(table.count(Loss::kSpanRepeated), 3U);
  EXPECT_EQ(table.count(Loss::kSpanInvalidId), 0U);
}

TEST(HashTest, IsTheSameInOnePieceAndInMany) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) {
    text += std::to_string(i);
  }
  Hash64Stream stream;
  EXPECT_EQ(stream.value(), HashBytes64(""));
  for (std::size_t begin = 0; begin < text.size(); begin += 77) {
    stream.Add(std::string_view(text).substr(begin, 77));
  }
  EXPECT_EQ(stream.value(), HashBytes64(text));
}

}  // namespace
}  // namespace sightline::base
