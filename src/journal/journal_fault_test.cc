// SPDX-License-Identifier: Apache-2.0
// Every call of the disk that a journal makes fails once, in turn, in each way: nothing that was
// acknowledged is lost or doubled, and the journal goes on by itself.
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journal/journal.h"
#include "journal/journal_fixture_for_testing.h"

namespace sightline::journal {
namespace {

using base::DiskCall;
using base::DiskFault;
using Effect = base::DiskFault::Effect;

struct FaultCase {
  const char* name;
  int error;
  Effect effect;
};

// More calls than one life of the journal makes.
constexpr std::uint64_t kMaxCalls = 1000;

class JournalFaultTest : public JournalFixture, public ::testing::WithParamInterface<FaultCase> {
 protected:
  // Appends groups of 1 to 3 records, each record until it is acknowledged, as senders do, and
  // releases half of what there is now and then. Stops after the first failure if `until_failure`.
  void Live(Journal& journal, bool until_failure) {
    for (int round = 0; round < 12; ++round) {
      std::vector<std::string> records;
      for (int i = 0; i <= round % 3; ++i) {
        const auto size = static_cast<std::size_t>(100 + 700 * i);
        records.push_back("record " + std::to_string(++made_) + " " + std::string(size, 'x'));
      }
      while (!records.empty()) {
        records = AppendGroup(journal, records);
        if (!records.empty() && until_failure) {
          return;
        }
        ASSERT_LT(++tries_, 1000);
      }
      if (round % 4 == 3) {
        released_ = acknowledged_.back().first / 2;
        journal.Release(released_);
      }
    }
  }

  // Returns what was refused.
  std::vector<std::string> AppendGroup(Journal& journal, const std::vector<std::string>& records) {
    std::vector<std::future<base::Result<std::uint64_t>>> answers;
    for (const std::string& record : records) {
      auto done = std::make_shared<std::promise<base::Result<std::uint64_t>>>();
      answers.push_back(done->get_future());
      journal.Append(record, [done](auto result) { done->set_value(std::move(result)); });
    }
    std::vector<std::string> refused;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto answer = answers[i].get();
      if (answer.has_value()) {
        acknowledged_.emplace_back(*answer, records[i]);
      } else {
        EXPECT_EQ(answer.error().code(), base::Code::kUnavailable);
        refused.push_back(records[i]);
      }
    }
    return refused;
  }

  void StartOver() {
    std::filesystem::remove_all(directory_);
    acknowledged_.clear();
    released_ = 0;
    made_ = 0;
    tries_ = 0;
  }

  // What a new process finds is what was acknowledged, in order, once, and nothing is said to be
  // damaged. `extra`: how many records, never acknowledged, may follow.
  void ExpectAllThere(std::size_t extra) {
    disk_.ClearFault();
    const Verification report = Check(released_);
    EXPECT_THAT(report.problems, ::testing::IsEmpty());
    Open(released_);
    Records expected;
    for (const auto& record : acknowledged_) {
      if (record.first > released_) {
        expected.push_back(record);
      }
    }
    ASSERT_GE(replayed_.size(), expected.size());
    EXPECT_LE(replayed_.size(), expected.size() + extra);
    replayed_.resize(expected.size());
    EXPECT_EQ(replayed_, expected);
    EXPECT_EQ(losses_.count(base::Loss::kJournalCorrupt), 0U);
  }

  DiskFault FaultAt(std::uint64_t nth) const {
    return {.nth = nth, .error = GetParam().error, .effect = GetParam().effect};
  }

  Records acknowledged_;
  std::uint64_t released_ = 0;
  int made_ = 0;
  int tries_ = 0;
};

TEST_P(JournalFaultTest, GoesOnAndLosesNothing) {
  std::uint64_t nth = 1;
  for (; nth < kMaxCalls && !HasFailure(); ++nth) {
    SCOPED_TRACE("call " + std::to_string(nth));
    StartOver();
    disk_.SetFault(FaultAt(nth));
    auto journal = TryOpen();
    if (!journal.has_value()) {
      EXPECT_EQ(disk_.struck(), 1U);
      journal = TryOpen();
      ASSERT_TRUE(journal.has_value());
    }
    Live(**journal, /*until_failure=*/false);
    EXPECT_TRUE((*journal)->is_writable());
    journal->reset();
    ExpectAllThere(0);
    if (disk_.struck() == 0) {
      break;
    }
  }
  EXPECT_GT(nth, 40U);
  EXPECT_LT(nth, kMaxCalls);
}

TEST_P(JournalFaultTest, LosesNothingWhenItIsKilledAfterTheFault) {
  for (std::uint64_t nth = 1; nth < kMaxCalls && !HasFailure(); ++nth) {
    SCOPED_TRACE("call " + std::to_string(nth));
    StartOver();
    disk_.SetFault(FaultAt(nth));
    auto journal = TryOpen();
    if (!journal.has_value()) {
      continue;
    }
    Live(**journal, /*until_failure=*/true);
    Kill(*std::move(journal));
    // The group that was refused may be there.
    ExpectAllThere(3);
    if (disk_.struck() == 0) {
      break;
    }
  }
}

// A second life on what the first one left, in which each call fails while it is opened.
TEST_P(JournalFaultTest, OpensAfterAFaultWhileItIsOpened) {
  for (std::uint64_t nth = 1; nth < kMaxCalls && !HasFailure(); ++nth) {
    SCOPED_TRACE("call " + std::to_string(nth));
    StartOver();
    disk_.ClearFault();
    auto first = Open();
    Live(*first, /*until_failure=*/false);
    Kill(std::move(first));
    disk_.SetFault(FaultAt(nth));
    {
      const auto second = TryOpen(released_);
    }
    const bool has_struck = disk_.struck() > 0;
    ExpectAllThere(0);
    if (!has_struck) {
      break;
    }
  }
}

// A disk that stays broken takes nothing, and all is well when it is mended.
TEST_P(JournalFaultTest, RecoversFromADiskThatWasBrokenForAWhile) {
  const DiskCall calls[] = {DiskCall::kOpen,        DiskCall::kWrite,    DiskCall::kSync,
                            DiskCall::kPreallocate, DiskCall::kIdentify, DiskCall::kTruncate};
  for (const DiskCall call : calls) {
    SCOPED_TRACE(static_cast<int>(call));
    StartOver();
    disk_.ClearFault();
    auto journal = Open();
    Live(*journal, /*until_failure=*/false);
    DiskFault fault = FaultAt(1);
    fault.call = call;
    fault.for_ever = true;
    disk_.SetFault(fault);
    for (int i = 0; i < 5; ++i) {
      AppendGroup(*journal, {"while it is broken " + std::to_string(i) + std::string(2000, 'y')});
    }
    disk_.ClearFault();
    Live(*journal, /*until_failure=*/false);
    EXPECT_TRUE(journal->is_writable());
    journal.reset();
    ExpectAllThere(0);
  }
}

INSTANTIATE_TEST_SUITE_P(EachWay, JournalFaultTest,
                         ::testing::Values(FaultCase{"IoError", EIO, Effect::kError},
                                           FaultCase{"NoSpace", ENOSPC, Effect::kError},
                                           FaultCase{"ShortWrite", EIO, Effect::kPartial},
                                           FaultCase{"ShortWriteThenNoSpace", ENOSPC,
                                                     Effect::kPartialError},
                                           FaultCase{"DoneAllTheSame", EIO, Effect::kDoneAndError},
                                           FaultCase{"SyncLosesData", EIO, Effect::kLosesUnsynced}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace sightline::journal
