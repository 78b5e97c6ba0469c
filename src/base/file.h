// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace sightline::base {

// Owns a file descriptor.
//
// Thread: value.
class FileDescriptor {
 public:
  FileDescriptor() = default;

  explicit FileDescriptor(int fd) : fd_(fd) {}

  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  int get() const { return fd_; }

  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// open(2) with O_CLOEXEC and mode 0600.
Result<FileDescriptor> OpenFile(const std::filesystem::path& path, int flags);

// Writes all of `bytes` at `offset`, retrying short writes.
Result<void> WriteFully(const FileDescriptor& file, std::string_view bytes, std::uint64_t offset);

// Makes written data durable (fdatasync).
Result<void> SyncData(const FileDescriptor& file);

// Makes the creation, renaming or removal of entries durable.
Result<void> SyncDirectory(const std::filesystem::path& directory);

Result<std::string> ReadFile(const std::filesystem::path& path);

// Replaces `path` as a whole: a reader sees the old or the new text, also after a power loss.
Result<void> WriteFileAtomically(const std::filesystem::path& path, std::string_view text);

// Bytes that we may still write to the file system that holds `path`.
Result<std::uint64_t> FreeDiskBytes(const std::filesystem::path& path);

}  // namespace sightline::base
