// SPDX-License-Identifier: Apache-2.0
// Preloaded into a server: one call on a file of the data directory fails when the test says so.
// FAULTY_DISK_DIRECTORY is that directory, FAULTY_DISK_CONTROL the file through which the test says
// it; support/faulty_disk.py knows its layout.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum Call { kOpen, kRead, kWrite, kSync, kTruncate, kAllocate, kRename, kRemove, kCalls };
enum File { kJournal, kFrames, kTables, kTablesLog, kTraces, kMeta, kOther, kFiles };

struct Control {
  int32_t is_armed;
  int32_t call, file;  // Which calls count.
  int32_t skip;        // So many of them succeed first.
  int32_t error;       // 0: a write that writes half.
  int32_t fired;       // Calls that failed.
  int32_t seen[kCalls][kFiles];
};

enum { kMostFds = 1 << 16 };

static struct Control* control;
static char directory[4096];
static unsigned char class_of_fd[kMostFds];  // 0: not one of ours, else its File + 1.

__attribute__((constructor)) static void Begin(void) {
  const char* path = getenv("FAULTY_DISK_CONTROL");
  const char* data = getenv("FAULTY_DISK_DIRECTORY");
  if (path == NULL || data == NULL || strlen(data) >= sizeof directory) {
    return;
  }
  int (*real)(const char*, int, ...) = dlsym(RTLD_NEXT, "open");
  const int fd = real(path, O_RDWR);
  if (fd < 0) {
    abort();
  }
  control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (control == MAP_FAILED) {
    abort();
  }
  strcpy(directory, data);
}

static int EndsWith(const char* path, const char* end) {
  const size_t n = strlen(path), m = strlen(end);
  return n >= m && strcmp(path + n - m, end) == 0;
}

// -1 when it is not in the data directory.
static int FileOf(const char* path) {
  if (control == NULL || strncmp(path, directory, strlen(directory)) != 0) {
    return -1;
  }
  if (strstr(path, "/journal/") != NULL) {
    return kJournal;
  }
  if (EndsWith(path, "/frames")) {
    return kFrames;
  }
  if (EndsWith(path, ".duckdb")) {
    return kTables;
  }
  if (EndsWith(path, ".duckdb.wal")) {
    return kTablesLog;
  }
  if (strstr(path, "/traces.idx") != NULL) {
    return kTraces;
  }
  return strstr(path, "meta") != NULL ? kMeta : kOther;
}

// Whether this call is to fail; sets errno unless it is to write half.
static int Fails(enum Call call, int file) {
  if (file < 0) {
    return 0;
  }
  __atomic_add_fetch(&control->seen[call][file], 1, __ATOMIC_RELAXED);
  if (!__atomic_load_n(&control->is_armed, __ATOMIC_ACQUIRE) || control->call != (int)call ||
      control->file != file || __atomic_sub_fetch(&control->skip, 1, __ATOMIC_ACQ_REL) != -1) {
    return 0;
  }
  __atomic_store_n(&control->is_armed, 0, __ATOMIC_RELEASE);
  __atomic_add_fetch(&control->fired, 1, __ATOMIC_ACQ_REL);
  errno = control->error;
  return 1;
}

static int OfFd(int fd) { return fd >= 0 && fd < kMostFds ? (int)class_of_fd[fd] - 1 : -1; }

#define REAL(result, name, ...)            \
  static result (*real)(__VA_ARGS__);      \
  if (real == NULL) {                      \
    real = dlsym(RTLD_NEXT, #name);        \
  }

static int Opened(int fd, const char* path) {
  if (fd >= 0 && fd < kMostFds) {
    class_of_fd[fd] = (unsigned char)(FileOf(path) + 1);
  }
  return fd;
}

static int OpenFails(const char* path, int flags) {
  return (flags & (O_WRONLY | O_RDWR)) != 0 && Fails(kOpen, FileOf(path));
}

static mode_t ModeOf(int flags, va_list list) {
  return (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
}

#define OPEN(name)                                   \
  int name(const char* path, int flags, ...) {       \
    REAL(int, name, const char*, int, ...)           \
    va_list list;                                    \
    va_start(list, flags);                           \
    const mode_t mode = ModeOf(flags, list);         \
    va_end(list);                                    \
    if (OpenFails(path, flags)) {                    \
      return -1;                                     \
    }                                                \
    return Opened(real(path, flags, mode), path);    \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                      \
  int name(int at, const char* path, int flags, ...) {    \
    REAL(int, name, int, const char*, int, ...)           \
    va_list list;                                         \
    va_start(list, flags);                                \
    const mode_t mode = ModeOf(flags, list);              \
    va_end(list);                                         \
    if (OpenFails(path, flags)) {                         \
      return -1;                                          \
    }                                                     \
    return Opened(real(at, path, flags, mode), path);     \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
  REAL(int, close, int)
  if (fd >= 0 && fd < kMostFds) {
    class_of_fd[fd] = 0;
  }
  return real(fd);
}

static size_t Half(size_t count) { return count > 1 ? count / 2 : count; }

#define READ(name, offset_type)                                          \
  ssize_t name(int fd, void* out, size_t count, offset_type offset) {    \
    REAL(ssize_t, name, int, void*, size_t, offset_type)                 \
    return Fails(kRead, OfFd(fd)) ? -1 : real(fd, out, count, offset);   \
  }
READ(pread, off_t)
READ(pread64, off64_t)

ssize_t read(int fd, void* out, size_t count) {
  REAL(ssize_t, read, int, void*, size_t)
  return Fails(kRead, OfFd(fd)) ? -1 : real(fd, out, count);
}

#define PWRITE(name, offset_type)                                               \
  ssize_t name(int fd, const void* bytes, size_t count, offset_type offset) {   \
    REAL(ssize_t, name, int, const void*, size_t, offset_type)                  \
    if (Fails(kWrite, OfFd(fd))) {                                              \
      return control->error != 0 ? -1 : real(fd, bytes, Half(count), offset);   \
    }                                                                           \
    return real(fd, bytes, count, offset);                                      \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void* bytes, size_t count) {
  REAL(ssize_t, write, int, const void*, size_t)
  if (Fails(kWrite, OfFd(fd))) {
    return control->error != 0 ? -1 : real(fd, bytes, Half(count));
  }
  return real(fd, bytes, count);
}

// Half of the first piece.
#define PWRITEV(name, offset_type)                                                      \
  ssize_t name(int fd, const struct iovec* pieces, int count, offset_type offset) {     \
    REAL(ssize_t, name, int, const struct iovec*, int, offset_type)                     \
    if (Fails(kWrite, OfFd(fd))) {                                                      \
      const struct iovec half = {pieces[0].iov_base, Half(pieces[0].iov_len)};          \
      return control->error != 0 ? -1 : real(fd, &half, 1, offset);                     \
    }                                                                                   \
    return real(fd, pieces, count, offset);                                             \
  }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

int fsync(int fd) {
  REAL(int, fsync, int)
  return Fails(kSync, OfFd(fd)) ? -1 : real(fd);
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int)
  return Fails(kSync, OfFd(fd)) ? -1 : real(fd);
}

#define TRUNCATE(name, offset_type)                                \
  int name(int fd, offset_type size) {                             \
    REAL(int, name, int, offset_type)                              \
    return Fails(kTruncate, OfFd(fd)) ? -1 : real(fd, size);       \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define FALLOCATE(name, offset_type)                                          \
  int name(int fd, int mode, offset_type offset, offset_type size) {          \
    REAL(int, name, int, int, offset_type, offset_type)                       \
    return Fails(kAllocate, OfFd(fd)) ? -1 : real(fd, mode, offset, size);    \
  }
FALLOCATE(fallocate, off_t)
FALLOCATE(fallocate64, off64_t)

// These answer the error.
#define POSIX_FALLOCATE(name, offset_type)                                                \
  int name(int fd, offset_type offset, offset_type size) {                                \
    REAL(int, name, int, offset_type, offset_type)                                        \
    return Fails(kAllocate, OfFd(fd)) ? control->error : real(fd, offset, size);          \
  }
POSIX_FALLOCATE(posix_fallocate, off_t)
POSIX_FALLOCATE(posix_fallocate64, off64_t)

int rename(const char* from, const char* to) {
  REAL(int, rename, const char*, const char*)
  return Fails(kRename, FileOf(to)) ? -1 : real(from, to);
}

int unlink(const char* path) {
  REAL(int, unlink, const char*)
  return Fails(kRemove, FileOf(path)) ? -1 : real(path);
}

int remove(const char* path) {
  REAL(int, remove, const char*)
  return Fails(kRemove, FileOf(path)) ? -1 : real(path);
}
