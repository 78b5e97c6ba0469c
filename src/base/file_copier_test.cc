// SPDX-License-Identifier: Apache-2.0
#include "base/file_copier.h"

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <stop_token>
#include <string>

#include <gtest/gtest.h>

#include "base/disk.h"
#include "base/faulty_disk_for_testing.h"
#include "base/temp_directory_for_testing.h"

namespace sightline::base {
namespace {

class FileCopierTest : public testing::Test {
 protected:
  void SetUp() override {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      text_[i] = static_cast<char>('a' + i % 23);
    }
    ASSERT_TRUE(disk_.ReplaceFile(from_, text_));
  }

  TempDirectory directory_;
  PosixDisk disk_;
  std::string text_ = std::string((std::size_t{2} << 20U) + 77, ' ');
  const std::filesystem::path from_ = directory_.path() / "from";
  const std::filesystem::path to_ = directory_.path() / "to";
};

TEST_F(FileCopierTest, CopiesWholeFilesAndBeginnings) {
  FileCopier copier(disk_, 0);
  ASSERT_TRUE(copier.Copy(from_, to_));
  EXPECT_EQ(disk_.ReadFile(to_).value(), text_);
  ASSERT_TRUE(copier.Copy(from_, to_, 10));
  EXPECT_EQ(disk_.ReadFile(to_).value(), text_.substr(0, 10)) << "what was there is replaced";
  ASSERT_TRUE(copier.Copy(from_, to_, 0));
  EXPECT_EQ(disk_.ReadFile(to_).value(), "");
  EXPECT_EQ(copier.copied_bytes(), text_.size() + 10);
}

TEST_F(FileCopierTest, AFileThatIsTooShortIsNoCopy) {
  FileCopier copier(disk_, 0);
  EXPECT_TRUE(copier.Copy(from_, to_, text_.size()));
  EXPECT_EQ(copier.Copy(from_, to_, text_.size() + 1).error().code(), Code::kDataLoss);
}

TEST_F(FileCopierTest, LeavesRoomOnTheDisk) {
  FileCopier copier(disk_, std::numeric_limits<std::uint64_t>::max() / 2);
  const auto copied = copier.Copy(from_, to_);
  ASSERT_FALSE(copied.has_value());
  EXPECT_EQ(copied.error().code(), Code::kUnavailable);
  EXPECT_NE(copied.error().message().find("must stay"), std::string::npos);
}

TEST_F(FileCopierTest, TellsOfADiskThatFails) {
  FaultyDisk faulty(disk_);
  FileCopier copier(faulty, 0);
  for (const DiskCall call : {DiskCall::kWrite, DiskCall::kRead, DiskCall::kSync}) {
    faulty.SetFault({.call = call, .error = ENOSPC});
    EXPECT_EQ(copier.Copy(from_, to_).error().code(), Code::kUnavailable);
    EXPECT_EQ(faulty.struck(), 1U);
  }
}

TEST_F(FileCopierTest, EndsWhenItIsToldTo) {
  std::stop_source stop;
  FileCopier copier(disk_, 0, stop.get_token());
  EXPECT_TRUE(copier.Copy(from_, to_));
  stop.request_stop();
  EXPECT_EQ(copier.Copy(from_, to_).error().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace sightline::base
