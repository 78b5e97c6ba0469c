// SPDX-License-Identifier: Apache-2.0
#include "journal/journal.h"

#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"

namespace sightline::journal {
namespace {

using ::testing::ElementsAre;
using Records = std::vector<std::pair<std::uint64_t, std::string>>;

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    options_ = {.directory = directory_, .segment_bytes = 4096, .disk_reserve_bytes = 0};
  }

  std::unique_ptr<Journal> Open(std::uint64_t stored = 0) {
    replayed_.clear();
    auto journal = Journal::Open(options_, stored, losses_,
                                 [&](std::uint64_t position, std::string_view record) {
                                   replayed_.emplace_back(position, record);
                                   return base::Result<void>();
                                 });
    EXPECT_TRUE(journal.has_value());
    return std::move(*journal);
  }

  static base::Result<std::uint64_t> AppendAndWait(Journal& journal, const std::string& record) {
    std::promise<base::Result<std::uint64_t>> done;
    journal.Append(record, [&](auto result) { done.set_value(std::move(result)); });
    return done.get_future().get();
  }

  std::vector<SegmentFile> Segments() { return ListSegments(directory_).value(); }

  // Overwrites bytes of a file, counted from its start.
  static void Damage(const std::filesystem::path& path, std::int64_t offset) {
    const int fd = ::open(path.c_str(), O_RDWR);
    EXPECT_EQ(::pwrite(fd, "\xA5\x5A", 2, offset), 2);
    ::close(fd);
  }

  base::TempDirectory temp_;
  std::filesystem::path directory_ = temp_.path();
  Journal::Options options_;
  base::LossTable losses_;
  Records replayed_;
};

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
}

TEST_F(JournalTest, DropsSegmentsThatAreStored) {
  auto journal = Open();
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(AppendAndWait(*journal, std::string(2000, 'x')).has_value());
  }
  EXPECT_EQ(Segments().size(), 5U);
  journal->Release(4);
  EXPECT_EQ(Segments().size(), 3U);
  journal->Release(10);
  EXPECT_EQ(Segments().size(), 1U);
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
  {
    auto journal = Open();
    EXPECT_TRUE(AppendAndWait(*journal, std::string(100, 'a')).has_value());
    EXPECT_TRUE(AppendAndWait(*journal, std::string(100, 'b')).has_value());
  }
  Damage(Segments()[0].path, kSegmentHeaderBytes + kRecordHeaderBytes + 100 + 50);
  {
    auto journal = Open();
    EXPECT_EQ(replayed_.size(), 1U);
    EXPECT_EQ(losses_.count(base::Loss::kJournalTailCut), 1U);
    EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 0U);
    // The position of the record that was cut is given again.
    EXPECT_EQ(AppendAndWait(*journal, "new").value(), 2U);
  }
  Open();
  ASSERT_EQ(replayed_.size(), 2U);
  EXPECT_EQ(replayed_[1].second, "new");
}

TEST_F(JournalTest, ReportsARecordBrokenInTheMiddle) {
  {
    auto journal = Open();
    for (int i = 0; i < 4; ++i) {
      EXPECT_TRUE(AppendAndWait(*journal, std::string(2000, 'x')).has_value());
    }
  }
  ASSERT_GE(Segments().size(), 2U);
  Damage(Segments()[0].path, kSegmentHeaderBytes + 500);
  Open();
  EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 1U);
  const auto nothing = [](std::uint64_t, std::string_view) { return base::Result<void>(); };
  EXPECT_EQ(Verify(directory_, nothing)->problems.size(), 1U);
}

// A flipped bit costs the record it is in, also in the segment that was written last.
TEST_F(JournalTest, KeepsWhatFollowsABrokenRecord) {
  {
    auto journal = Open();
    for (const char* record : {"one", "two", "three"}) {
      EXPECT_TRUE(AppendAndWait(*journal, record).has_value());
    }
  }
  Damage(Segments()[0].path, kSegmentHeaderBytes + kRecordHeaderBytes + 3 + kRecordHeaderBytes);
  {
    auto journal = Open();
    EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one"), std::pair(3U, "three")));
    EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 1U);
    EXPECT_EQ(losses_.count(base::Loss::kJournalTailCut), 0U);
    EXPECT_EQ(AppendAndWait(*journal, "four").value(), 4U);
  }
  const auto nothing = [](std::uint64_t, std::string_view) { return base::Result<void>(); };
  EXPECT_THAT(Verify(directory_, nothing)->problems,
              ElementsAre(::testing::HasSubstr("record 2 is broken")));
}

TEST_F(JournalTest, ReadsRecordsBehindABrokenHeader) {
  {
    auto journal = Open();
    EXPECT_TRUE(AppendAndWait(*journal, "one").has_value());
  }
  Damage(Segments()[0].path, 10);
  Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one")));
  EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 1U);
}

TEST_F(JournalTest, StartsOverInASegmentThatIsBlank) {
  std::ofstream(SegmentPath(directory_, 1)) << std::string(4096, '\0');
  {
    auto journal = Open();
    EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 0U);
    EXPECT_EQ(AppendAndWait(*journal, "one").value(), 1U);
  }
  Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one")));
}

TEST_F(JournalTest, RefusesASegmentOfANewerVersion) {
  std::string header = EncodeSegmentHeader(1);
  header[7] = '2';
  std::ofstream(SegmentPath(directory_, 1)) << header << std::string(100, '\0');
  const auto opened = Journal::Open(
      options_, 0, losses_, [](std::uint64_t, std::string_view) { return base::Result<void>(); });
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code(), base::Code::kFailedPrecondition);
  EXPECT_THAT(opened.error().message(), ::testing::HasSubstr("newer version"));
}

TEST_F(JournalTest, AnswersRetryableErrorsWhileTheDiskIsFull) {
  options_.disk_reserve_bytes = std::uint64_t{1} << 60U;
  auto journal = Open();
  const auto refused = AppendAndWait(*journal, "x");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::Code::kUnavailable);
  EXPECT_FALSE(journal->is_writable());
}

TEST_F(JournalTest, IgnoresARecordOfAGroupThatFailed) {
  {
    auto journal = Open();
    EXPECT_TRUE(AppendAndWait(*journal, "one").has_value());
    EXPECT_TRUE(AppendAndWait(*journal, "never acknowledged").has_value());
  }
  // As after a failed sync of position 2: a new segment starts there.
  std::string next = EncodeSegmentHeader(2);
  AppendRecord(next, 2, "two");
  ASSERT_TRUE(base::WriteFileAtomically(SegmentPath(directory_, 2), next).has_value());
  Open();
  EXPECT_THAT(replayed_, ElementsAre(std::pair(1U, "one"), std::pair(2U, "two")));
  EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 0U);
}

}  // namespace
}  // namespace sightline::journal
