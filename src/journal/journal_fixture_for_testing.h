// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/faulty_disk_for_testing.h"
#include "base/temp_directory_for_testing.h"
#include "journal/journal.h"

namespace sightline::journal {

using Records = std::vector<std::pair<std::uint64_t, std::string>>;

// Waits until `condition` holds; false after 30 seconds.
template <typename Condition>
bool WaitUntil(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// A directory with a journal of small segments on a disk that can fail. Nothing happens in it by
// the passing of time unless a test shortens options_.probe_interval.
class JournalFixture : public ::testing::Test {
 protected:
  JournalFixture() {
    options_.directory = directory_;
    options_.segment_bytes = 4096;
    options_.disk_reserve_bytes = 0;
    options_.probe_interval = std::chrono::hours(1);
    options_.disk = &disk_;
  }

  base::Result<std::unique_ptr<Journal>> TryOpen(std::uint64_t stored = 0) {
    replayed_.clear();
    return Journal::Open(options_, stored, losses_,
                         [&](std::uint64_t position, std::string_view record) {
                           replayed_.emplace_back(position, record);
                           return base::Result<void>();
                         });
  }

  std::unique_ptr<Journal> Open(std::uint64_t stored = 0) { return TryOpen(stored).value(); }

  static base::Result<std::uint64_t> AppendAndWait(Journal& journal, const std::string& record) {
    std::promise<base::Result<std::uint64_t>> done;
    journal.Append(record, [&](auto result) { done.set_value(std::move(result)); });
    return done.get_future().get();
  }

  // Leaves the directory as it is now, as SIGKILL would: nothing that closing does is in it.
  void Kill(std::unique_ptr<Journal> journal) {
    const std::filesystem::path copy = temp_.path() / "copy";
    std::filesystem::copy(directory_, copy);
    journal.reset();
    std::filesystem::remove_all(directory_);
    std::filesystem::rename(copy, directory_);
  }

  std::vector<SegmentFile> Segments() { return ListSegments(posix_, directory_).value(); }

  // What a new reader finds.
  Verification Check(std::uint64_t stored = 0) {
    replayed_.clear();
    return Verify(posix_, directory_, stored,
                  [&](std::uint64_t position, std::string_view record) {
                    replayed_.emplace_back(position, record);
                    return base::Result<void>();
                  })
        .value();
  }

  std::string Content(const std::filesystem::path& path) { return posix_.ReadFile(path).value(); }

  void SetContent(const std::filesystem::path& path, std::string_view bytes) {
    const auto file = posix_.Open(path, base::OpenMode::kReplace).value();
    ASSERT_TRUE(file->Write(bytes, 0).has_value());
  }

  // Overwrites bytes of a file, counted from its start.
  void Damage(const std::filesystem::path& path, std::uint64_t offset,
              std::string_view bytes = "\xA5\x5A") {
    const auto file = posix_.Open(path, base::OpenMode::kReadWrite).value();
    ASSERT_TRUE(file->Write(bytes, offset).has_value());
  }

  base::TempDirectory temp_;
  std::filesystem::path directory_ = temp_.path() / "journal";
  base::PosixDisk posix_;
  base::FaultyDisk disk_{posix_};
  Journal::Options options_;
  base::LossTable losses_;
  Records replayed_;
};

}  // namespace sightline::journal
