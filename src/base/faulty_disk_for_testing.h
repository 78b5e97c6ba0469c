// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/disk.h"
#include "base/mutex.h"

namespace sightline::base {

// The calls of Disk and DiskFile that can be made to fail.
enum class DiskCall : std::uint8_t {
  kOpen,
  kMap,
  kRename,
  kRemove,
  kSyncDirectory,
  kCreateDirectory,
  kList,
  kIdentify,
  kFreeBytes,
  kWrite,
  kRead,
  kSync,
  kTruncate,
  kPreallocate,
  kSize,
  kIdentity,
};

// What goes wrong, and when.
struct DiskFault {
  enum class Effect : std::uint8_t {
    kError,          // Nothing is done.
    kPartial,        // Writes and reads do half of what is asked for, without an error.
    kPartialError,   // A write writes half of its bytes and fails all the same; else as kError.
    kDoneAndError,   // The call has its effect and fails all the same.
    kLosesUnsynced,  // A failed sync turns what was written since the last one into zeros.
  };

  std::optional<DiskCall> call = std::nullopt;  // Nothing: any call counts.
  std::uint64_t nth = 1;                        // Of those calls, counted from SetFault, from 1 on.
  bool for_ever = false;                        // This and all later ones.
  int error = EIO;
  Effect effect = Effect::kError;
};

// A disk that does what the real one does, until the fault that is set strikes. It does not really
// sync: tests do not outlive the machine, and those that try every call would take minutes.
//
// Thread: any.
class FaultyDisk final : public Disk {
 public:
  explicit FaultyDisk(Disk& real) : real_(real) {}

  void SetFault(const DiskFault& fault) {
    MutexLock lock(mutex_);
    fault_ = fault;
    calls_ = 0;
    struck_ = 0;
  }

  void ClearFault() {
    MutexLock lock(mutex_);
    fault_.reset();
  }

  // How often the fault that was set last has struck.
  std::uint64_t struck() const {
    MutexLock lock(mutex_);
    return struck_;
  }

  Result<std::unique_ptr<DiskFile>> Open(const std::filesystem::path& path, OpenMode mode) override;

  Result<Mapping> Map(const std::filesystem::path& path) override {
    return Run<Mapping>(DiskCall::kMap, [&] { return real_.Map(path); });
  }

  Result<void> Rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return Run<void>(DiskCall::kRename, [&] { return real_.Rename(from, to); });
  }

  Result<void> Remove(const std::filesystem::path& path) override {
    return Run<void>(DiskCall::kRemove, [&] { return real_.Remove(path); });
  }

  Result<void> SyncDirectory(const std::filesystem::path& directory) override {
    return Run<void>(DiskCall::kSyncDirectory, [&]() -> Result<void> {
      const Result<FileIdentity> found = real_.Identify(directory);
      return found.has_value() ? Result<void>() : found.error();
    });
  }

  Result<void> CreateDirectory(const std::filesystem::path& directory) override {
    return Run<void>(DiskCall::kCreateDirectory, [&] { return real_.CreateDirectory(directory); });
  }

  Result<std::vector<std::string>> List(const std::filesystem::path& directory) override {
    return Run<std::vector<std::string>>(DiskCall::kList, [&] { return real_.List(directory); });
  }

  Result<FileIdentity> Identify(const std::filesystem::path& path) override {
    return Run<FileIdentity>(DiskCall::kIdentify, [&] { return real_.Identify(path); });
  }

  Result<std::uint64_t> FreeBytes(const std::filesystem::path& path) override {
    return Run<std::uint64_t>(DiskCall::kFreeBytes, [&] { return real_.FreeBytes(path); });
  }

 private:
  friend class FaultyFile;

  // The fault, if it strikes this call.
  std::optional<DiskFault> Strike(DiskCall call) {
    MutexLock lock(mutex_);
    if (!fault_ || (fault_->call && *fault_->call != call)) {
      return std::nullopt;
    }
    ++calls_;
    if (calls_ != fault_->nth && !(fault_->for_ever && calls_ > fault_->nth)) {
      return std::nullopt;
    }
    ++struck_;
    return fault_;
  }

  static Error ErrorOf(const DiskFault& fault) {
    return ErrnoError("cannot use the disk of a test", fault.error);
  }

  template <typename T, typename Call>
  Result<T> Run(DiskCall name, const Call& call) {
    const std::optional<DiskFault> fault = Strike(name);
    if (!fault || fault->effect == DiskFault::Effect::kPartial) {
      return call();
    }
    if (fault->effect == DiskFault::Effect::kDoneAndError) {
      (void)call();
    }
    return ErrorOf(*fault);
  }

  Disk& real_;
  mutable Mutex mutex_;
  std::optional<DiskFault> fault_ GUARDED_BY(mutex_);
  std::uint64_t calls_ GUARDED_BY(mutex_) = 0;
  std::uint64_t struck_ GUARDED_BY(mutex_) = 0;
};

// A file of a FaultyDisk.
class FaultyFile final : public DiskFile {
 public:
  FaultyFile(FaultyDisk& disk, std::unique_ptr<DiskFile> real)
      : DiskFile(real->path()), disk_(disk), real_(std::move(real)) {}

  Result<void> Sync() override {
    const std::optional<DiskFault> fault = disk_.Strike(DiskCall::kSync);
    if (fault && fault->effect == DiskFault::Effect::kLosesUnsynced) {
      for (const auto& [offset, size] : unsynced_) {
        TRY(real_->Write(std::string(size, '\0'), offset));
      }
    }
    if (fault && fault->effect != DiskFault::Effect::kPartial) {
      return FaultyDisk::ErrorOf(*fault);
    }
    unsynced_.clear();
    return {};
  }

  Result<void> Truncate(std::uint64_t size) override {
    return disk_.Run<void>(DiskCall::kTruncate, [&] { return real_->Truncate(size); });
  }

  Result<void> Preallocate(std::uint64_t size) override {
    return disk_.Run<void>(DiskCall::kPreallocate, [&] { return real_->Preallocate(size); });
  }

  Result<std::uint64_t> Size() override {
    return disk_.Run<std::uint64_t>(DiskCall::kSize, [&] { return real_->Size(); });
  }

  Result<FileIdentity> Identity() override {
    return disk_.Run<FileIdentity>(DiskCall::kIdentity, [&] { return real_->Identity(); });
  }

 protected:
  Result<std::size_t> WriteSome(std::span<const iovec> pieces, std::uint64_t offset) override {
    const std::optional<DiskFault> fault = disk_.Strike(DiskCall::kWrite);
    if (fault && fault->effect == DiskFault::Effect::kError) {
      return FaultyDisk::ErrorOf(*fault);
    }
    std::string bytes;
    for (const iovec& piece : pieces) {
      bytes.append(static_cast<const char*>(piece.iov_base), piece.iov_len);
    }
    if (fault && (fault->effect == DiskFault::Effect::kPartial ||
                  fault->effect == DiskFault::Effect::kPartialError)) {
      bytes.resize((bytes.size() + 1) / 2);
    }
    TRY(real_->Write(bytes, offset));
    unsynced_.emplace_back(offset, bytes.size());
    if (fault && fault->effect != DiskFault::Effect::kPartial) {
      return FaultyDisk::ErrorOf(*fault);
    }
    return bytes.size();
  }

  Result<std::size_t> ReadSome(std::span<char> out, std::uint64_t offset) override {
    const std::optional<DiskFault> fault = disk_.Strike(DiskCall::kRead);
    if (fault && fault->effect != DiskFault::Effect::kPartial) {
      return FaultyDisk::ErrorOf(*fault);
    }
    return real_->ReadSome(fault ? out.first((out.size() + 1) / 2) : out, offset);
  }

 private:
  FaultyDisk& disk_;
  const std::unique_ptr<DiskFile> real_;
  std::vector<std::pair<std::uint64_t, std::size_t>> unsynced_;  // Offset, bytes.
};

inline Result<std::unique_ptr<DiskFile>> FaultyDisk::Open(const std::filesystem::path& path,
                                                          OpenMode mode) {
  return Run<std::unique_ptr<DiskFile>>(
      DiskCall::kOpen, [&]() -> Result<std::unique_ptr<DiskFile>> {
        return std::unique_ptr<DiskFile>(
            std::make_unique<FaultyFile>(*this, TRY(real_.Open(path, mode))));
      });
}

}  // namespace sightline::base
