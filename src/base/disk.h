// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sightline::base {

// Tells whether a path still leads to a file that was opened before.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// A file that is open. Closes it when it dies, without syncing.
//
// Errors of all calls: kUnavailable when the disk or quota is full, kNotFound when the path leads
// nowhere, kInternal otherwise; messages name the file.
//
// Thread: any, for calls on ranges that do not overlap.
class DiskFile {
 public:
  virtual ~DiskFile() = default;

  // Writes all of the pieces, one after the other, from byte `offset` on. After an error any part
  // of them may have been written.
  Result<void> Write(std::span<const std::string_view> pieces, std::uint64_t offset);
  Result<void> Write(std::string_view bytes, std::uint64_t offset);

  // Fills `out` from byte `offset` on. Returns the bytes read: fewer than asked for only at the end
  // of the file.
  Result<std::size_t> Read(std::span<char> out, std::uint64_t offset);

  // Makes what was written durable (fdatasync). After an error nothing is known about the bytes
  // written since the last success, and a further Sync tells nothing: use another file.
  virtual Result<void> Sync() = 0;

  // Cuts the file, or extends it with zeros.
  virtual Result<void> Truncate(std::uint64_t size) = 0;

  // Reserves space, so that writes below `size` bytes cannot find the disk full. The file is that
  // long afterwards; bytes never written read as zeros. After an error some may be reserved.
  virtual Result<void> Preallocate(std::uint64_t size) = 0;

  virtual Result<std::uint64_t> Size() = 0;

  virtual Result<FileIdentity> Identity() = 0;

  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

 protected:
  explicit DiskFile(std::filesystem::path path) : path_(std::move(path)) {}

  // One write or read of the operating system, which may do less than asked for; 0 is the end of
  // the file for reads and an error for writes.
  virtual Result<std::size_t> WriteSome(std::span<const iovec> pieces, std::uint64_t offset) = 0;
  virtual Result<std::size_t> ReadSome(std::span<char> out, std::uint64_t offset) = 0;

  const std::filesystem::path& path() const { return path_; }

 private:
  friend class FaultyFile;  // Wraps another file, for tests.

  const std::filesystem::path path_;
};

// A file's bytes in memory, read only, as they were long when it was mapped. They stay readable
// when the file is removed or renamed. Truncating a mapped file, or a bad sector, is SIGBUS on
// access: map only files that are finished, and read with DiskFile::Read where damage is expected.
//
// Thread: value; the bytes may be read by any.
class Mapping {
 public:
  Mapping() = default;

  Mapping(const char* data, std::size_t size) : data_(data), size_(size) {}

  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  std::string_view bytes() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;  // From mmap, or null when the file is empty.
  std::size_t size_ = 0;
};

enum class OpenMode : std::uint8_t {
  kRead,
  kReadWrite,  // Must exist.
  kCreate,     // Reads and writes; is created if missing, otherwise kept as it is.
  kCreateNew,  // Reads and writes; kAlreadyExists if it exists.
  kReplace,    // Reads and writes; is created if missing, otherwise emptied.
};

// The calls of the disk that durable parts make, so that tests can let each of them fail. Paths are
// as given to the operating system.
//
// Errors: as DiskFile's.
//
// Thread: any.
class Disk {
 public:
  virtual ~Disk() = default;

  // New files have mode 0600. The entry is durable after SyncDirectory.
  virtual Result<std::unique_ptr<DiskFile>> Open(const std::filesystem::path& path,
                                                 OpenMode mode) = 0;

  virtual Result<Mapping> Map(const std::filesystem::path& path) = 0;

  // Replaces `to` if it exists.
  virtual Result<void> Rename(const std::filesystem::path& from,
                              const std::filesystem::path& to) = 0;

  // Of a file or an empty directory. kNotFound if it does not exist.
  virtual Result<void> Remove(const std::filesystem::path& path) = 0;

  // Makes the creation, renaming or removal of entries durable.
  virtual Result<void> SyncDirectory(const std::filesystem::path& directory) = 0;

  // With all parents, mode 0700; success if it exists. Its entry is durable when it returns.
  virtual Result<void> CreateDirectory(const std::filesystem::path& directory) = 0;

  // Names of the entries, in no order.
  virtual Result<std::vector<std::string>> List(const std::filesystem::path& directory) = 0;

  // The file that `path` leads to now.
  virtual Result<FileIdentity> Identify(const std::filesystem::path& path) = 0;

  // Bytes that we may still write to the file system that holds `path`.
  virtual Result<std::uint64_t> FreeBytes(const std::filesystem::path& path) = 0;

  Result<std::string> ReadFile(const std::filesystem::path& path);

  // Replaces `path` as a whole: a reader sees the old or the new text, also after a power loss.
  Result<void> ReplaceFile(const std::filesystem::path& path, std::string_view text);

  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

 protected:
  Disk() = default;
};

// The disk of the operating system. It has no state: any number of them are the same.
class PosixDisk final : public Disk {
 public:
  Result<std::unique_ptr<DiskFile>> Open(const std::filesystem::path& path, OpenMode mode) override;
  Result<Mapping> Map(const std::filesystem::path& path) override;
  Result<void> Rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  Result<void> Remove(const std::filesystem::path& path) override;
  Result<void> SyncDirectory(const std::filesystem::path& directory) override;
  Result<void> CreateDirectory(const std::filesystem::path& directory) override;
  Result<std::vector<std::string>> List(const std::filesystem::path& directory) override;
  Result<FileIdentity> Identify(const std::filesystem::path& path) override;
  Result<std::uint64_t> FreeBytes(const std::filesystem::path& path) override;
};

}  // namespace sightline::base
