// SPDX-License-Identifier: Apache-2.0
#include "journal/journal.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "journal/journal_fixture_for_testing.h"

namespace sightline::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using JournalTest = JournalFixture;

TEST_F(JournalTest, GivesBackWhatItAcknowledged) {
  {
    auto journal = Open();
    EXPECT_EQ(AppendAndWait(*journal, "one").value(), 1U);
    EXPECT_EQ(AppendAndWait(*journal, "two").value(), 2U);
  }
  {
    auto journal = Open();
    EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one"), std::pair(2U, "two")));
    EXPECT_EQ(AppendAndWait(*journal, "three").value(), 3U);
  }
  Open(2);
  EXPECT_THAT(replayed_, ElementsAre(std::pair(3U, "three")));
}

TEST_F(JournalTest, CallsBackInOrderOfPosition) {
  const std::string record(100, 'x');
  std::vector<std::uint64_t> positions;
  {
    auto journal = Open();
    for (int i = 0; i < 500; ++i) {
      journal->Append(record, [&](auto result) { positions.push_back(*result); });
    }
  }
  ASSERT_EQ(positions.size(), 500U);
  EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
  EXPECT_EQ(positions.back(), 500U);
  Open();
  EXPECT_EQ(replayed_.size(), 500U);
}

TEST_F(JournalTest, DropsSegmentsThatAreStored) {
  auto journal = Open();
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(AppendAndWait(*journal, std::string(1900, 'x')).has_value());
  }
  EXPECT_EQ(Segments().size(), 5U);
  journal->Release(4);
  EXPECT_EQ(Segments().size(), 3U);
  journal->Release(10);
  EXPECT_EQ(Segments().size(), 1U);
}

TEST_F(JournalTest, TriesAgainToDropASegment) {
  auto journal = Open();
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(AppendAndWait(*journal, std::string(3000, 'x')).has_value());
  }
  disk_.SetFault({.call = base::DiskCall::kRemove});
  journal->Release(2);
  EXPECT_EQ(Segments().size(), 3U);
  journal->Release(2);
  EXPECT_EQ(Segments().size(), 2U);
}

TEST_F(JournalTest, TakesRecordsLargerThanASegment) {
  {
    auto journal = Open();
    EXPECT_TRUE(AppendAndWait(*journal, "small").has_value());
    EXPECT_TRUE(AppendAndWait(*journal, std::string(100000, 'y')).has_value());
  }
  Open();
  ASSERT_EQ(replayed_.size(), 2U);
  EXPECT_EQ(replayed_[1].second.size(), 100000U);
}

TEST_F(JournalTest, CutsTheTailOffAfterACrash) {
  auto journal = Open();
  EXPECT_TRUE(AppendAndWait(*journal, std::string(100, 'a')).has_value());
  EXPECT_TRUE(AppendAndWait(*journal, std::string(100, 'b')).has_value());
  Kill(std::move(journal));
  Damage(Segments()[0].path, kSegmentHeaderBytes + kRecordHeaderBytes + 100 + 50);
  journal = Open();
  EXPECT_EQ(replayed_.size(), 1U);
  EXPECT_EQ(losses_.count(base::Loss::kJournalTailCut), 1U);
  EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 0U);
  // The position of the record that was cut is given again.
  EXPECT_EQ(AppendAndWait(*journal, "new").value(), 2U);
  journal.reset();
  Open();
  ASSERT_EQ(replayed_.size(), 2U);
  EXPECT_EQ(replayed_[1].second, "new");
}

// After a clean stop nothing is unfinished: damage to the last record is damage.
TEST_F(JournalTest, TellsADamagedLastRecordFromAnUnfinishedOne) {
  {
    auto journal = Open();
    EXPECT_TRUE(AppendAndWait(*journal, "one").has_value());
    EXPECT_TRUE(AppendAndWait(*journal, "two").has_value());
  }
  Damage(Segments()[0].path, kSegmentHeaderBytes + kRecordHeaderBytes + 3 + kRecordHeaderBytes);
  auto journal = Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one")));
  EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 1U);
  EXPECT_EQ(losses_.count(base::Loss::kJournalTailCut), 0U);
  EXPECT_EQ(AppendAndWait(*journal, "three").value(), 3U);
}

TEST_F(JournalTest, MarksWhatWasAcknowledgedWhenItIsIdle) {
  options_.probe_interval = std::chrono::milliseconds(1);
  auto journal = Open();
  EXPECT_TRUE(AppendAndWait(*journal, "one").has_value());
  const auto path = Segments()[0].path;
  const auto at = kSegmentHeaderBytes + kRecordHeaderBytes + 3;
  ASSERT_TRUE(WaitUntil([&] { return Content(path).substr(at, 4) == kRecordMagic; }));
  EXPECT_EQ(AppendAndWait(*journal, "two").value(), 2U);
  Kill(std::move(journal));
  Damage(path, at - 2);
  EXPECT_THAT(Check().problems, ElementsAre(HasSubstr("record 1 cannot be read")));
  EXPECT_THAT(replayed_, ElementsAre(std::pair(2U, "two")));
}

// A flipped bit costs the record it is in, also in the segment that was written last.
TEST_F(JournalTest, KeepsWhatFollowsABrokenRecord) {
  auto journal = Open();
  for (const char* record : {"one", "two", "three"}) {
    EXPECT_TRUE(AppendAndWait(*journal, record).has_value());
  }
  Kill(std::move(journal));
  Damage(Segments()[0].path, kSegmentHeaderBytes + kRecordHeaderBytes + 3 + 4);  // The length.
  journal = Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one"), std::pair(3U, "three")));
  EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 1U);
  EXPECT_EQ(losses_.count(base::Loss::kJournalTailCut), 0U);
  EXPECT_EQ(AppendAndWait(*journal, "four").value(), 4U);
  EXPECT_THAT(Check().problems, ElementsAre(HasSubstr("record 2 cannot be read")));
}

TEST_F(JournalTest, KeepsADamagedSegmentAside) {
  auto journal = Open();
  for (const char* record : {"one", "two", "three"}) {
    EXPECT_TRUE(AppendAndWait(*journal, record).has_value());
  }
  journal.reset();
  const auto path = Segments()[0].path;
  Damage(path, kSegmentHeaderBytes + kRecordHeaderBytes);
  journal = Open();
  EXPECT_EQ(AppendAndWait(*journal, "four").value(), 4U);
  journal->Release(3);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(std::filesystem::exists(path.string() + ".damaged"));
  EXPECT_THAT(Check(3).problems, ElementsAre());
}

TEST_F(JournalTest, ReadsRecordsAfterABrokenHeader) {
  {
    auto journal = Open();
    EXPECT_TRUE(AppendAndWait(*journal, "one").has_value());
  }
  Damage(Segments()[0].path, 10);
  Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one")));
  EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 1U);
}

TEST_F(JournalTest, StartsOverInASegmentThatIsUnfinished) {
  for (const std::size_t written : {0U, 5U, 24U}) {
    std::filesystem::create_directories(directory_);
    SetContent(SegmentPath(directory_, 1),
               EncodeSegmentHeader(1).substr(0, written) + std::string(4096, '\0'));
    {
      auto journal = Open();
      EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 0U);
      EXPECT_EQ(AppendAndWait(*journal, "one").value(), 1U);
    }
    Open();
    EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one")));
    std::filesystem::remove_all(directory_);
  }
}

TEST_F(JournalTest, RefusesSegmentsOfOtherVersions) {
  const std::pair<std::string, std::string> cases[] = {{"SLJRNL03", "newer version"},
                                                       {"SLJRNL01", "older version"}};
  std::filesystem::create_directories(directory_);
  for (const auto& [magic, words] : cases) {
    std::string header = EncodeSegmentHeader(1);
    header.replace(0, magic.size(), magic);
    const std::uint64_t check = base::HashBytes64(std::string_view(header).substr(0, 16));
    header.replace(16, 8, reinterpret_cast<const char*>(&check), 8);
    SetContent(SegmentPath(directory_, 1), header + std::string(100, '\0'));
    const auto opened = TryOpen();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code(), base::Code::kFailedPrecondition);
    EXPECT_THAT(opened.error().message(), HasSubstr(words));
  }
}

TEST_F(JournalTest, ReportsRecordsThatAreMissing) {
  auto journal = Open();
  for (int i = 0; i < 6; ++i) {
    EXPECT_TRUE(AppendAndWait(*journal, std::string(3000, 'x')).has_value());
  }
  journal.reset();
  std::filesystem::remove(SegmentPath(directory_, 1));
  std::filesystem::remove(SegmentPath(directory_, 4));
  EXPECT_THAT(Check().problems, ElementsAre(HasSubstr("record 4: missing or damaged"),
                                            HasSubstr("record 1: missing")));
  // What the store has may be missing.
  EXPECT_THAT(Check(1).problems, ElementsAre(HasSubstr("record 4")));
  EXPECT_THAT(Check(4).problems, ElementsAre());
  // A position of the store that cannot be right would hide records.
  EXPECT_THAT(Check(7).problems, ElementsAre(HasSubstr("the journal ends at 6")));
}

TEST_F(JournalTest, IgnoresARecordOfAGroupThatFailed) {
  auto journal = Open();
  EXPECT_TRUE(AppendAndWait(*journal, "one").has_value());
  EXPECT_TRUE(AppendAndWait(*journal, "never acknowledged").has_value());
  Kill(std::move(journal));
  // As after a failed sync of position 2: a new segment starts there.
  SegmentWriter writer(posix_, {.directory = directory_, .segment_bytes = 4096});
  ASSERT_TRUE(writer.Start(2, 0).has_value());
  const SegmentWriter::Record record{.payload = "two", .check = CheckPayload("two")};
  ASSERT_TRUE(writer.WriteGroup(2, std::span(&record, 1)).has_value());
  Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one"), std::pair(2U, "two")));
  EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 0U);
}

TEST_F(JournalTest, KnowsThatTheDiskIsFullBeforeAnyoneSends) {
  options_.disk_reserve_bytes = std::uint64_t{1} << 60U;
  auto journal = Open();
  EXPECT_FALSE(journal->is_writable());
  EXPECT_THAT(journal->problem(), HasSubstr("disk full"));
  const auto refused = AppendAndWait(*journal, "x");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::Code::kUnavailable);
  EXPECT_THAT(refused.error().message(), HasSubstr("disk full"));
}

TEST_F(JournalTest, NoticesAFullDiskAndFreeSpaceWhenIdle) {
  options_.probe_interval = std::chrono::milliseconds(1);
  auto journal = Open();
  EXPECT_TRUE(journal->is_writable());
  disk_.SetFault({.call = base::DiskCall::kFreeBytes, .for_ever = true, .error = ENOSPC});
  EXPECT_TRUE(WaitUntil([&] { return !journal->is_writable(); }));
  EXPECT_THAT(journal->problem(), HasSubstr("disk full"));
  disk_.ClearFault();
  EXPECT_TRUE(WaitUntil([&] { return journal->is_writable(); }));
  EXPECT_EQ(journal->problem(), "");
}

TEST_F(JournalTest, GivesPreallocatedSpaceBackWhenItStops) {
  {
    auto journal = Open();
    EXPECT_TRUE(AppendAndWait(*journal, "one").has_value());
    EXPECT_EQ(std::filesystem::file_size(Segments()[0].path), options_.segment_bytes);
  }
  EXPECT_LT(std::filesystem::file_size(Segments()[0].path), 200U);
  Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one")));
}

TEST_F(JournalTest, GivesPreallocatedSpaceBackWhenItIsIdle) {
  options_.probe_interval = std::chrono::milliseconds(1);
  options_.idle_limit = std::chrono::milliseconds(20);
  auto journal = Open();
  for (std::uint64_t position = 1; position <= 3; ++position) {
    EXPECT_EQ(AppendAndWait(*journal, "record").value(), position);
    EXPECT_TRUE(
        WaitUntil([&] { return std::filesystem::file_size(Segments().back().path) < 200; }));
  }
  EXPECT_TRUE(journal->is_writable());
  journal.reset();
  EXPECT_THAT(Check().problems, ElementsAre());
  EXPECT_EQ(replayed_.size(), 3U);
}

TEST_F(JournalTest, GivesBackWhatAKilledProcessHadPreallocated) {
  auto journal = Open();
  EXPECT_TRUE(AppendAndWait(*journal, "one").has_value());
  Kill(std::move(journal));
  EXPECT_EQ(std::filesystem::file_size(Segments()[0].path), options_.segment_bytes);
  Open();
  EXPECT_LT(std::filesystem::file_size(Segments()[0].path), 200U);
  EXPECT_THAT(Check().problems, ElementsAre());
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one")));
}

TEST_F(JournalTest, AcknowledgesNothingInADeletedDirectory) {
  auto journal = Open();
  EXPECT_EQ(AppendAndWait(*journal, "one").value(), 1U);
  std::filesystem::rename(directory_, temp_.path() / "moved");
  for (int i = 0; i < 3; ++i) {
    const auto refused = AppendAndWait(*journal, "two");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), base::Code::kUnavailable);
    EXPECT_THAT(refused.error().message(), HasSubstr(i == 0 ? "was deleted" : "is gone"));
    EXPECT_FALSE(journal->is_writable());
  }
  std::filesystem::rename(temp_.path() / "moved", directory_);
  EXPECT_EQ(AppendAndWait(*journal, "three").value(), 2U);
  EXPECT_TRUE(journal->is_writable());
  journal.reset();
  Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one"), std::pair(2U, "three")));
}

TEST_F(JournalTest, NoticesADeletedSegmentWhenIdle) {
  options_.probe_interval = std::chrono::milliseconds(1);
  auto journal = Open();
  EXPECT_EQ(AppendAndWait(*journal, "one").value(), 1U);
  std::filesystem::remove_all(directory_);
  EXPECT_TRUE(WaitUntil([&] { return !journal->is_writable(); }));
  std::filesystem::create_directories(directory_);
  EXPECT_TRUE(WaitUntil([&] { return journal->is_writable(); }));
  EXPECT_EQ(AppendAndWait(*journal, "two").value(), 2U);
}

TEST_F(JournalTest, GoesOnWhenACallbackThrows) {
  auto journal = Open();
  journal->Append("one", [](const auto&) { throw std::runtime_error("of a test"); });
  EXPECT_EQ(AppendAndWait(*journal, "two").value(), 2U);
  EXPECT_EQ(losses_.count(base::Loss::kTaskFailed), 1U);
}

}  // namespace
}  // namespace sightline::journal
