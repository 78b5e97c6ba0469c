// SPDX-License-Identifier: Apache-2.0
#include "journal/segment_scan.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journal/journal_fixture_for_testing.h"

namespace sightline::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SegmentScanTest : public JournalFixture {
 protected:
  SegmentScanTest() { std::filesystem::create_directories(directory_); }

  // Writes one segment whose groups are given, and returns its path.
  std::filesystem::path WriteSegment(std::uint64_t first,
                                     const std::vector<std::vector<std::string>>& groups,
                                     bool is_marked) {
    SegmentWriter writer(posix_, {.directory = directory_, .segment_bytes = 16384});
    const std::filesystem::path path = writer.Start(first, 0).value().path;
    std::uint64_t position = first;
    for (const std::vector<std::string>& group : groups) {
      std::vector<SegmentWriter::Record> records;
      for (const std::string& payload : group) {
        records.push_back({.payload = payload, .check = CheckPayload(payload)});
      }
      EXPECT_TRUE(writer.WriteGroup(position, records).has_value());
      position += group.size();
    }
    if (is_marked) {
      EXPECT_TRUE(writer.Finish(position).has_value());
    } else {
      writer.Abandon();
    }
    return path;
  }

  // Flips each bit of a file, one at a time, and calls `check(byte)` for each.
  template <typename CheckFlip>
  void FlipEveryBit(const std::filesystem::path& path, const CheckFlip& check) {
    const std::string good = Content(path);
    for (std::size_t bit = 0; bit < good.size() * 8 && !HasFailure(); ++bit) {
      std::string bad = good;
      bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
      SetContent(path, bad);
      SCOPED_TRACE(path.filename().string() + " byte " + std::to_string(bit / 8));
      check(bit / 8);
    }
    SetContent(path, good);
  }

  // Each record that is read is as it was written; returns how many of them are missing.
  std::size_t CountMissing(const Records& written) const {
    for (const auto& record : replayed_) {
      EXPECT_NE(std::find(written.begin(), written.end(), record), written.end());
    }
    EXPECT_TRUE(std::is_sorted(replayed_.begin(), replayed_.end()));
    return written.size() - replayed_.size();
  }
};

TEST_F(SegmentScanTest, FindsEveryFlippedBitOfAStoppedJournal) {
  const auto first = WriteSegment(1, {{"one", "two"}, {"three"}}, /*is_marked=*/true);
  const auto last = WriteSegment(4, {{"four"}, {"five", std::string(600, '6')}}, true);
  const Records written = {{1, "one"},  {2, "two"},  {3, "three"},
                           {4, "four"}, {5, "five"}, {6, std::string(600, '6')}};
  ASSERT_TRUE(Check().problems.empty());
  ASSERT_EQ(CountMissing(written), 0U);
  for (const auto& path : {first, last}) {
    const std::size_t mark = std::filesystem::file_size(path) - kRecordHeaderBytes;
    FlipEveryBit(path, [&](std::size_t byte) {
      const Verification report = Check();
      const std::size_t missing = CountMissing(written);
      if (byte < mark) {
        EXPECT_EQ(report.problems.size(), 1U);
        EXPECT_EQ(missing, byte < kSegmentHeaderBytes ? 0U : 1U);
      } else {
        // The mark only tells what is known without it: no record is missing.
        EXPECT_EQ(missing, 0U);
      }
      EXPECT_EQ(report.next_position, 7U);
    });
  }
}

TEST_F(SegmentScanTest, FindsEveryFlippedBitOfAKilledJournal) {
  const auto path = WriteSegment(1, {{"one", "two"}, {"three"}, {"four"}}, /*is_marked=*/false);
  const Records written = {{1, "one"}, {2, "two"}, {3, "three"}, {4, "four"}};
  const std::size_t last_record =
      std::filesystem::file_size(path) - kRecordHeaderBytes - std::string_view("four").size();
  FlipEveryBit(path, [&](std::size_t byte) {
    const Verification report = Check();
    const std::size_t missing = CountMissing(written);
    if (byte < last_record) {
      EXPECT_EQ(report.problems.size(), 1U);
      EXPECT_EQ(missing, byte < kSegmentHeaderBytes ? 0U : 1U);
    } else {
      // Nothing comes after it: it cannot be told from a record whose write was cut short.
      EXPECT_EQ(report.cut_tails, 1U);
      EXPECT_EQ(missing, 1U);
    }
  });
}

TEST_F(SegmentScanTest, FindsACutAtAnyPlace) {
  const auto path = WriteSegment(1, {{"one"}, {"two"}, {"three"}}, /*is_marked=*/false);
  const std::string good = Content(path);
  const Records written = {{1, "one"}, {2, "two"}, {3, "three"}};
  for (std::size_t size = 0; size < good.size(); ++size) {
    SetContent(path, good.substr(0, size));
    const Verification report = Check();
    EXPECT_TRUE(report.problems.empty()) << size;
    EXPECT_EQ(report.next_position, replayed_.size() + 1);
    EXPECT_GE(CountMissing(written), 1U);
  }
}

// A power loss can leave any sectors of the last group unwritten.
TEST_F(SegmentScanTest, TakesAHoleInTheLastGroupForAnUnfinishedWrite) {
  const std::string large(2000, 'x');
  const auto path = WriteSegment(1, {{"one"}, {large, large, large}}, /*is_marked=*/false);
  Damage(path, 1024, std::string(512, '\0'));
  const Verification report = Check();
  EXPECT_TRUE(report.problems.empty());
  EXPECT_EQ(report.cut_tails, 1U);
  EXPECT_EQ(report.next_position, 2U);
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one")));
  // A segment that starts at the position which was free again says the same.
  WriteSegment(2, {{"two"}}, true);
  EXPECT_TRUE(Check().problems.empty());
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one"), std::pair(2U, "two")));
}

TEST_F(SegmentScanTest, TakesAHoleBeforeALaterGroupForDamage) {
  const std::string large(2000, 'x');
  const auto path = WriteSegment(1, {{large, large}, {"three"}}, /*is_marked=*/false);
  Damage(path, 1024, std::string(512, '\0'));
  EXPECT_THAT(Check().problems, ElementsAre(HasSubstr("record 1 cannot be read")));
  EXPECT_THAT(replayed_, ElementsAre(std::pair(2U, large), std::pair(3U, "three")));
}

TEST_F(SegmentScanTest, PassesOverManyDamagedSectors) {
  std::vector<std::vector<std::string>> groups;
  for (int i = 0; i < 100; ++i) {
    groups.push_back({std::string(100, static_cast<char>('a' + i % 26))});
  }
  const auto path = WriteSegment(1, groups, /*is_marked=*/true);
  Damage(path, 512, std::string(4096, 'Z'));
  const Verification report = Check();
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_EQ(report.next_position, 101U);
  EXPECT_GT(replayed_.size(), 60U);
  EXPECT_EQ(replayed_.back().first, 100U);
}

TEST_F(SegmentScanTest, BelievesARecordOnlyInItsPlace) {
  const auto path = WriteSegment(1, {{"same"}, {"same"}, {"same"}}, /*is_marked=*/true);
  const std::string good = Content(path);
  const std::size_t size = kRecordHeaderBytes + 4;
  // The first record over the second, as after a misdirected write.
  Damage(path, kSegmentHeaderBytes + size, good.substr(kSegmentHeaderBytes, size));
  EXPECT_THAT(Check().problems, ElementsAre(HasSubstr("record 2 cannot be read")));
  // A segment under another name.
  std::filesystem::rename(path, SegmentPath(directory_, 2));
  EXPECT_FALSE(Check(1).problems.empty());
  EXPECT_TRUE(replayed_.empty());
}

// A payload may hold anything, also a journal.
TEST_F(SegmentScanTest, DoesNotTakeRecordsFromInsideAPayload) {
  std::string inner(100, '.');
  AppendRecordHeader(
      inner, {.first_position = 1, .offset = kSegmentHeaderBytes + kRecordHeaderBytes + 100},
      {.length = 4, .position = 2, .group = 2, .payload_check = CheckPayload("evil")});
  inner += "evil";
  const auto path = WriteSegment(1, {{inner}, {"two"}}, /*is_marked=*/true);
  Damage(path, kSegmentHeaderBytes + kRecordHeaderBytes + 10);
  EXPECT_EQ(Check().problems.size(), 1U);
  EXPECT_THAT(replayed_, ElementsAre(std::pair(2U, "two")));
}

TEST_F(SegmentScanTest, ReadsAgainWhatCouldNotBeReadOnce) {
  const auto path = WriteSegment(1, {{"one"}, {"two"}}, /*is_marked=*/true);
  disk_.SetFault({.call = base::DiskCall::kRead});
  std::size_t records = 0;
  const auto scan = ScanSegment(disk_, {.first_position = 1, .path = path}, kNoEnd,
                                [&](std::uint64_t, std::string_view) {
                                  ++records;
                                  return base::Result<void>();
                                });
  ASSERT_TRUE(scan.has_value());
  EXPECT_EQ(records, 2U);
  EXPECT_EQ(scan->unreadable_bytes, 0U);
  disk_.SetFault({.call = base::DiskCall::kRead, .for_ever = true});
  EXPECT_FALSE(ScanSegment(disk_, {.first_position = 1, .path = path}, kNoEnd,
                           [](std::uint64_t, std::string_view) { return base::Result<void>(); })
                   .has_value());
}

}  // namespace
}  // namespace sightline::journal
