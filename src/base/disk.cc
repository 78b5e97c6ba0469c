// SPDX-License-Identifier: Apache-2.0
#include "base/disk.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"

namespace sightline::base {
namespace {

Error PathError(std::string_view what, const std::filesystem::path& path, int error) {
  return ErrnoError(fmt::format("cannot {} {}", what, path.string()), error);
}

// A system call that is made again when a signal interrupted it.
template <typename Call>
auto Retried(const Call& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    result = call();
  }
  return result;
}

FileIdentity IdentityOf(const struct stat& info) {
  return {.device = info.st_dev, .inode = info.st_ino};
}

class PosixFile final : public DiskFile {
 public:
  PosixFile(std::filesystem::path path, FileDescriptor file)
      : DiskFile(std::move(path)), file_(std::move(file)) {}

  Result<void> Sync() override {
    return Check(Retried([&] { return ::fdatasync(file_.get()); }), "sync");
  }

  Result<void> Truncate(std::uint64_t size) override {
    return Check(Retried([&] { return ::ftruncate(file_.get(), static_cast<off_t>(size)); }),
                 "truncate");
  }

  Result<void> Preallocate(std::uint64_t size) override {
    int error = EINTR;
    while (error == EINTR) {
      error = ::posix_fallocate(file_.get(), 0, static_cast<off_t>(size));
    }
    if (error != 0) {
      return PathError("preallocate", path(), error);
    }
    return {};
  }

  Result<std::uint64_t> Size() override { return static_cast<std::uint64_t>(TRY(Stat()).st_size); }

  Result<FileIdentity> Identity() override { return IdentityOf(TRY(Stat())); }

 protected:
  Result<std::size_t> WriteSome(std::span<const iovec> pieces, std::uint64_t offset) override {
    const ssize_t written = Retried([&] {
      return ::pwritev(file_.get(), pieces.data(), static_cast<int>(pieces.size()),
                       static_cast<off_t>(offset));
    });
    TRY(Check(written, "write"));
    return static_cast<std::size_t>(written);
  }

  Result<std::size_t> ReadSome(std::span<char> out, std::uint64_t offset) override {
    const ssize_t got = Retried(
        [&] { return ::pread(file_.get(), out.data(), out.size(), static_cast<off_t>(offset)); });
    TRY(Check(got, "read"));
    return static_cast<std::size_t>(got);
  }

 private:
  Result<void> Check(ssize_t result, std::string_view what) const {
    if (result < 0) {
      return PathError(what, path(), errno);
    }
    return {};
  }

  Result<struct stat> Stat() const {
    struct stat info{};
    TRY(Check(::fstat(file_.get(), &info), "look at"));
    return info;
  }

  const FileDescriptor file_;
};

int FlagsOf(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kReadWrite:
      return O_RDWR;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT;
    case OpenMode::kCreateNew:
      return O_RDWR | O_CREAT | O_EXCL;
    case OpenMode::kReplace:
      return O_RDWR | O_CREAT | O_TRUNC;
  }
  return O_RDONLY;
}

std::filesystem::path ParentOf(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

}  // namespace

Result<void> DiskFile::Write(std::span<const std::string_view> pieces, std::uint64_t offset) {
  // Well below IOV_MAX; bounds what is on the stack.
  constexpr std::size_t kMaxPieces = 256;
  std::array<iovec, kMaxPieces> vectors;
  std::size_t first = 0;    // The first piece that is not written whole.
  std::size_t skipped = 0;  // Bytes of it that are.
  while (true) {
    while (first < pieces.size() && pieces[first].size() == skipped) {
      ++first;
      skipped = 0;
    }
    if (first == pieces.size()) {
      return {};
    }
    const std::size_t count = std::min(pieces.size() - first, kMaxPieces);
    for (std::size_t i = 0; i < count; ++i) {
      // iovec serves reads too, so its pointer is not const.
      vectors[i] = {.iov_base = const_cast<char*>(pieces[first + i].data()),
                    .iov_len = pieces[first + i].size()};
    }
    vectors[0].iov_base = static_cast<char*>(vectors[0].iov_base) + skipped;
    vectors[0].iov_len -= skipped;
    std::size_t written = TRY(WriteSome(std::span(vectors).first(count), offset));
    if (written == 0) {
      return PathError("write", path_, ENOSPC);
    }
    offset += written;
    while (written > 0) {
      const std::size_t part = std::min(written, pieces[first].size() - skipped);
      written -= part;
      skipped += part;
      if (skipped == pieces[first].size()) {
        ++first;
        skipped = 0;
      }
    }
  }
}

Result<void> DiskFile::Write(std::string_view bytes, std::uint64_t offset) {
  return Write(std::span(&bytes, 1), offset);
}

Result<std::size_t> DiskFile::Read(std::span<char> out, std::uint64_t offset) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const std::size_t got = TRY(ReadSome(out.subspan(filled), offset + filled));
    if (got == 0) {
      break;
    }
    filled += got;
  }
  return filled;
}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Mapping::~Mapping() {
  if (data_ != nullptr) {
    ::munmap(const_cast<char*>(data_), size_);
  }
}

Result<std::string> Disk::ReadFile(const std::filesystem::path& path) {
  const std::unique_ptr<DiskFile> file = TRY(Open(path, OpenMode::kRead));
  std::string text(TRY(file->Size()), '\0');
  text.resize(TRY(file->Read(text, 0)));
  return text;
}

Result<void> Disk::ReplaceFile(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::path temporary = path;
  temporary += ".new";
  {
    const std::unique_ptr<DiskFile> file = TRY(Open(temporary, OpenMode::kReplace));
    TRY(file->Write(text, 0));
    TRY(file->Sync());
  }
  TRY(Rename(temporary, path));
  return SyncDirectory(ParentOf(path));
}

Result<std::unique_ptr<DiskFile>> PosixDisk::Open(const std::filesystem::path& path,
                                                  OpenMode mode) {
  const int fd = Retried([&] { return ::open(path.c_str(), FlagsOf(mode) | O_CLOEXEC, 0600); });
  if (fd < 0) {
    const Error error = PathError("open", path, errno);
    return errno == EEXIST ? Error(Code::kAlreadyExists, error.message()) : error;
  }
  return std::unique_ptr<DiskFile>(std::make_unique<PosixFile>(path, FileDescriptor(fd)));
}

Result<Mapping> PosixDisk::Map(const std::filesystem::path& path) {
  const FileDescriptor file = TRY(OpenFile(path, O_RDONLY));
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) {
    return PathError("look at", path, errno);
  }
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) {
    return Mapping();
  }
  void* const data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (data == MAP_FAILED) {
    return PathError("map", path, errno);
  }
  return Mapping(static_cast<const char*>(data), size);
}

Result<void> PosixDisk::Rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return PathError("rename", from, errno);
  }
  return {};
}

Result<void> PosixDisk::Remove(const std::filesystem::path& path) {
  if (std::remove(path.c_str()) != 0) {
    return PathError("remove", path, errno);
  }
  return {};
}

Result<void> PosixDisk::SyncDirectory(const std::filesystem::path& directory) {
  return base::SyncDirectory(directory);
}

Result<void> PosixDisk::CreateDirectory(const std::filesystem::path& directory) {
  std::error_code ignored;
  if (::mkdir(directory.c_str(), 0700) != 0) {
    if (errno == EEXIST && std::filesystem::is_directory(directory, ignored)) {
      return {};
    }
    if (errno != ENOENT || !directory.has_parent_path() || directory.parent_path() == directory) {
      return PathError("create directory", directory, errno);
    }
    TRY(CreateDirectory(directory.parent_path()));
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
      return PathError("create directory", directory, errno);
    }
  }
  return base::SyncDirectory(ParentOf(directory));
}

Result<std::vector<std::string>> PosixDisk::List(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  if (error) {
    return PathError("list", directory, error.value());
  }
  return names;
}

Result<FileIdentity> PosixDisk::Identify(const std::filesystem::path& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    return PathError("look at", path, errno);
  }
  return IdentityOf(info);
}

Result<std::uint64_t> PosixDisk::FreeBytes(const std::filesystem::path& path) {
  return FreeDiskBytes(path);
}

}  // namespace sightline::base
