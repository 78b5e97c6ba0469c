// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/disk.h"

namespace sightline::store::embedded {

// The disk of the operating system, of which one call that changes something can be made to fail,
// and of which parts cannot be read. It does not really sync: tests do not outlive the machine.
//
// Thread: confined.
class FailingDisk final : public base::Disk {
 public:
  static constexpr int kNever = std::numeric_limits<int>::max();

  // Calls that change something succeed before one fails; those after it succeed again.
  int calls_until_failure = kNever;
  bool throws = false;        // As memory does when it runs out, in place of an error.
  bool writes_halves = true;  // Every write, not only the one that fails.
  // Bytes of each file that cannot be read.
  std::uint64_t bad_begin = 0;
  std::uint64_t bad_end = 0;

  base::Result<std::unique_ptr<base::DiskFile>> Open(const std::filesystem::path& path,
                                                     base::OpenMode mode) override {
    if (mode != base::OpenMode::kRead) {
      TRY(Count("open"));
    }
    return std::unique_ptr<base::DiskFile>(
        std::make_unique<File>(*this, path, TRY(disk_.Open(path, mode))));
  }

  base::Result<base::Mapping> Map(const std::filesystem::path& path) override {
    TRY(Count("map"));
    return disk_.Map(path);
  }

  base::Result<void> Rename(const std::filesystem::path& from,
                            const std::filesystem::path& to) override {
    TRY(Count("rename"));
    return disk_.Rename(from, to);
  }

  base::Result<void> Remove(const std::filesystem::path& path) override {
    TRY(Count("remove"));
    return disk_.Remove(path);
  }

  base::Result<void> SyncDirectory(const std::filesystem::path& /*directory*/) override {
    return Count("sync a directory");
  }

  base::Result<void> CreateDirectory(const std::filesystem::path& directory) override {
    TRY(Count("create a directory"));
    return disk_.CreateDirectory(directory);
  }

  base::Result<std::vector<std::string>> List(const std::filesystem::path& directory) override {
    return disk_.List(directory);
  }

  base::Result<base::FileIdentity> Identify(const std::filesystem::path& path) override {
    return disk_.Identify(path);
  }

  base::Result<std::uint64_t> FreeBytes(const std::filesystem::path& path) override {
    return disk_.FreeBytes(path);
  }

 private:
  class File final : public base::DiskFile {
   public:
    File(FailingDisk& disk, std::filesystem::path path, std::unique_ptr<base::DiskFile> file)
        : DiskFile(std::move(path)), disk_(disk), file_(std::move(file)) {}

    base::Result<void> Sync() override { return disk_.Count("sync"); }

    base::Result<void> Truncate(std::uint64_t size) override {
      TRY(disk_.Count("truncate"));
      return file_->Truncate(size);
    }

    base::Result<void> Preallocate(std::uint64_t size) override {
      TRY(disk_.Count("preallocate"));
      return file_->Preallocate(size);
    }

    base::Result<std::uint64_t> Size() override { return file_->Size(); }

    base::Result<base::FileIdentity> Identity() override { return file_->Identity(); }

   protected:
    // Half of the first piece at a time, or all of it; a failing write has written half.
    base::Result<std::size_t> WriteSome(std::span<const iovec> pieces,
                                        std::uint64_t offset) override {
      const bool is_half = disk_.writes_halves || disk_.calls_until_failure == 0;
      const std::string_view piece(static_cast<const char*>(pieces[0].iov_base),
                                   is_half ? (pieces[0].iov_len + 1) / 2 : pieces[0].iov_len);
      TRY(file_->Write(piece, offset));
      TRY(disk_.Count("write"));
      return piece.size();
    }

    base::Result<std::size_t> ReadSome(std::span<char> out, std::uint64_t offset) override {
      if (offset < disk_.bad_begin) {
        out = out.first(std::min<std::uint64_t>(out.size(), disk_.bad_begin - offset));
      } else if (offset < disk_.bad_end) {
        return base::Error(base::Code::kInternal, "cannot read: input/output error");
      }
      return file_->Read(out, offset);
    }

   private:
    FailingDisk& disk_;
    const std::unique_ptr<base::DiskFile> file_;
  };

  base::Result<void> Count(std::string_view what) {
    if (calls_until_failure == kNever || calls_until_failure-- > 0) {
      return {};
    }
    calls_until_failure = kNever;
    if (throws) {
      throw std::bad_alloc();
    }
    return base::Error(base::Code::kUnavailable, "cannot " + std::string(what) + ": disk full");
  }

  base::PosixDisk disk_;
};

}  // namespace sightline::store::embedded
