// SPDX-License-Identifier: Apache-2.0
#include "base/disk.h"

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/faulty_disk_for_testing.h"
#include "base/temp_directory_for_testing.h"

namespace sightline::base {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class DiskTest : public ::testing::Test {
 protected:
  std::unique_ptr<DiskFile> Create(const std::string& name) {
    return disk_.Open(temp_.path() / name, OpenMode::kCreateNew).value();
  }

  std::string Content(const std::string& name) {
    return disk_.ReadFile(temp_.path() / name).value();
  }

  TempDirectory temp_;
  PosixDisk posix_;
  FaultyDisk disk_{posix_};
};

TEST_F(DiskTest, WritesPiecesOneAfterTheOther) {
  // More than one call of the operating system takes, with empty pieces at the edges.
  std::vector<std::string> texts;
  std::string expected = "ab";
  for (int i = 0; i < 2000; ++i) {
    texts.push_back(i % 7 == 0 ? "" : std::to_string(i));
    expected += texts.back();
  }
  const std::vector<std::string_view> pieces(texts.begin(), texts.end());
  const auto file = Create("pieces");
  ASSERT_TRUE(file->Write("ab", 0).has_value());
  ASSERT_TRUE(file->Write(pieces, 2).has_value());
  EXPECT_EQ(Content("pieces"), expected);
}

TEST_F(DiskTest, GoesOnWhereAShortWriteOrReadStopped) {
  const std::vector<std::string_view> pieces = {"one ", "two ", "", "three"};
  const auto file = Create("short");
  disk_.SetFault(
      {.call = DiskCall::kWrite, .for_ever = true, .effect = DiskFault::Effect::kPartial});
  ASSERT_TRUE(file->Write(pieces, 0).has_value());
  EXPECT_GT(disk_.struck(), 2U);
  disk_.SetFault(
      {.call = DiskCall::kRead, .for_ever = true, .effect = DiskFault::Effect::kPartial});
  EXPECT_EQ(Content("short"), "one two three");
  EXPECT_GT(disk_.struck(), 2U);
}

TEST_F(DiskTest, TellsAFullDiskFromABrokenOne) {
  const auto file = Create("file");
  disk_.SetFault({.call = DiskCall::kWrite, .error = ENOSPC});
  EXPECT_EQ(file->Write("x", 0).error().code(), Code::kUnavailable);
  EXPECT_TRUE(file->Write("x", 0).has_value());
  disk_.SetFault({.call = DiskCall::kSync, .nth = 2});
  EXPECT_TRUE(file->Sync().has_value());
  EXPECT_EQ(file->Sync().error().code(), Code::kInternal);
  EXPECT_TRUE(file->Sync().has_value());
}

TEST_F(DiskTest, CanLoseWhatWasNotSynced) {
  const auto file = Create("file");
  ASSERT_TRUE(file->Write("safe", 0).has_value());
  ASSERT_TRUE(file->Sync().has_value());
  ASSERT_TRUE(file->Write("lost", 4).has_value());
  disk_.SetFault({.call = DiskCall::kSync, .effect = DiskFault::Effect::kLosesUnsynced});
  EXPECT_FALSE(file->Sync().has_value());
  EXPECT_EQ(Content("file"), std::string("safe\0\0\0\0", 8));
}

TEST_F(DiskTest, OpensAsAsked) {
  const std::filesystem::path path = temp_.path() / "file";
  EXPECT_EQ(disk_.Open(path, OpenMode::kRead).error().code(), Code::kNotFound);
  EXPECT_EQ(disk_.Open(path, OpenMode::kReadWrite).error().code(), Code::kNotFound);
  ASSERT_TRUE(disk_.Open(path, OpenMode::kCreate).value()->Write("text", 0).has_value());
  EXPECT_EQ(disk_.Open(path, OpenMode::kCreateNew).error().code(), Code::kAlreadyExists);
  EXPECT_EQ(disk_.Open(path, OpenMode::kCreate).value()->Size().value(), 4U);
  EXPECT_FALSE(disk_.Open(path, OpenMode::kRead).value()->Write("x", 0).has_value());
  EXPECT_EQ(disk_.Open(path, OpenMode::kReplace).value()->Size().value(), 0U);
}

TEST_F(DiskTest, TellsWhetherAPathStillLeadsToAFile) {
  const std::filesystem::path path = temp_.path() / "file";
  const auto file = Create("file");
  const FileIdentity identity = file->Identity().value();
  EXPECT_EQ(disk_.Identify(path).value(), identity);
  ASSERT_TRUE(disk_.Remove(path).has_value());
  EXPECT_EQ(disk_.Identify(path).error().code(), Code::kNotFound);
  EXPECT_EQ(disk_.Remove(path).error().code(), Code::kNotFound);
  const auto other = Create("file");
  EXPECT_NE(disk_.Identify(path).value(), identity);
}

TEST_F(DiskTest, PreallocatesZeros) {
  const auto file = Create("file");
  ASSERT_TRUE(file->Preallocate(8192).has_value());
  ASSERT_TRUE(file->Write("x", 4096).has_value());
  EXPECT_EQ(Content("file"), std::string(4096, '\0') + "x" + std::string(4095, '\0'));
  ASSERT_TRUE(file->Truncate(4097).has_value());
  EXPECT_EQ(file->Size().value(), 4097U);
}

TEST_F(DiskTest, MapsAFileThatMayBeRemoved) {
  ASSERT_TRUE(disk_.ReplaceFile(temp_.path() / "file", "mapped").has_value());
  ASSERT_TRUE(disk_.ReplaceFile(temp_.path() / "empty", "").has_value());
  Mapping mapping = disk_.Map(temp_.path() / "file").value();
  ASSERT_TRUE(disk_.Remove(temp_.path() / "file").has_value());
  EXPECT_EQ(mapping.bytes(), "mapped");
  const Mapping moved = std::move(mapping);
  EXPECT_EQ(moved.bytes(), "mapped");
  EXPECT_EQ(disk_.Map(temp_.path() / "empty").value().bytes(), "");
  EXPECT_EQ(disk_.Map(temp_.path() / "none").error().code(), Code::kNotFound);
}

TEST_F(DiskTest, CreatesDirectoriesWithTheirParents) {
  const std::filesystem::path deep = temp_.path() / "a/b/c";
  ASSERT_TRUE(disk_.CreateDirectory(deep).has_value());
  EXPECT_TRUE(std::filesystem::is_directory(deep));
  EXPECT_TRUE(disk_.CreateDirectory(deep).has_value());
  Create("file");
  EXPECT_FALSE(disk_.CreateDirectory(temp_.path() / "file").has_value());
  EXPECT_FALSE(disk_.CreateDirectory(temp_.path() / "file/below").has_value());
  EXPECT_THAT(disk_.List(temp_.path()).value(), UnorderedElementsAre("a", "file"));
  EXPECT_THAT(disk_.List(temp_.path() / "none").error().message(), HasSubstr("none"));
}

// Whatever call fails, a reader finds the old text or the new one, and success means the new one.
TEST_F(DiskTest, ReplacesAFileAsAWholeOrNotAtAll) {
  const std::filesystem::path path = temp_.path() / "file";
  constexpr std::uint64_t kMoreCallsThanMade = 50;
  std::uint64_t failed = 0;
  for (const auto effect : {DiskFault::Effect::kError, DiskFault::Effect::kPartialError,
                            DiskFault::Effect::kDoneAndError}) {
    for (std::uint64_t nth = 1; nth < kMoreCallsThanMade; ++nth) {
      ASSERT_TRUE(disk_.ReplaceFile(path, "old").has_value());
      disk_.SetFault({.nth = nth, .effect = effect});
      const bool is_replaced = disk_.ReplaceFile(path, "newer").has_value();
      const bool has_struck = disk_.struck() > 0;
      disk_.ClearFault();
      EXPECT_NE(is_replaced, has_struck);
      const std::string text = Content("file");
      EXPECT_TRUE(text == "newer" || (text == "old" && !is_replaced)) << text << " at " << nth;
      failed += has_struck ? 1 : 0;
    }
  }
  EXPECT_GE(failed, 15U);
}

}  // namespace
}  // namespace sightline::base
