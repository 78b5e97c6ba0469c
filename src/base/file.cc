// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include <fmt/format.h>

namespace sightline::base {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) {
      ::close(fd_);
    }
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

Result<FileDescriptor> OpenFile(const std::filesystem::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) {
    return ErrnoError(fmt::format("cannot open {}", path.string()), errno);
  }
  return FileDescriptor(fd);
}

Result<void> WriteFully(const FileDescriptor& file, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return ErrnoError("cannot write", errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<void> SyncData(const FileDescriptor& file) {
  if (::fdatasync(file.get()) != 0) {
    return ErrnoError("cannot sync", errno);
  }
  return {};
}

Result<void> SyncDirectory(const std::filesystem::path& directory) {
  const FileDescriptor handle = TRY(OpenFile(directory, O_RDONLY | O_DIRECTORY));
  if (::fsync(handle.get()) != 0) {
    return ErrnoError(fmt::format("cannot sync {}", directory.string()), errno);
  }
  return {};
}

Result<std::string> ReadFile(const std::filesystem::path& path) {
  const FileDescriptor file = TRY(OpenFile(path, O_RDONLY));
  std::string text;
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got == 0) {
      return text;
    }
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      return ErrnoError(fmt::format("cannot read {}", path.string()), errno);
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

Result<void> WriteFileAtomically(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::path temporary = path;
  temporary += ".new";
  {
    const FileDescriptor file = TRY(OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC));
    TRY(WriteFully(file, text, 0));
    TRY(SyncData(file));
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return ErrnoError(fmt::format("cannot replace {}", path.string()), errno);
  }
  return SyncDirectory(path.has_parent_path() ? path.parent_path() : ".");
}

Result<std::uint64_t> FreeDiskBytes(const std::filesystem::path& path) {
  struct statvfs info{};
  if (::statvfs(path.c_str(), &info) != 0) {
    return ErrnoError(fmt::format("cannot read free space of {}", path.string()), errno);
  }
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

}  // namespace sightline::base
