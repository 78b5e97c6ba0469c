// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

// Annotations that clang's -Wthread-safety checks; g++ ignores them.
#if defined(__clang__)
#define SIGHTLINE_ATTRIBUTE(x) __attribute__((x))
#else
#define SIGHTLINE_ATTRIBUTE(x)
#endif
// Abseil, which comes with gRPC, has two macros of the same names and meaning.
#undef GUARDED_BY
#undef NO_THREAD_SAFETY_ANALYSIS
#define CAPABILITY(x) SIGHTLINE_ATTRIBUTE(capability(x))
#define SCOPED_CAPABILITY SIGHTLINE_ATTRIBUTE(scoped_lockable)
#define GUARDED_BY(x) SIGHTLINE_ATTRIBUTE(guarded_by(x))
#define REQUIRES(...) SIGHTLINE_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) SIGHTLINE_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) SIGHTLINE_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define RELEASE(...) SIGHTLINE_ATTRIBUTE(release_capability(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS SIGHTLINE_ATTRIBUTE(no_thread_safety_analysis)

namespace sightline::base {

// std::mutex that clang can reason about.
//
// Thread: any.
class CAPABILITY("mutex") Mutex {
 public:
  void Lock() ACQUIRE() { mutex_.lock(); }

  void Unlock() RELEASE() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// Holds a Mutex for a scope.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }

  ~MutexLock() RELEASE() { mutex_.Unlock(); }

  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A condition variable for Mutex. Waits may wake spuriously: call in a loop.
//
// Thread: any.
class CondVar {
 public:
  void Wait(Mutex& mutex) REQUIRES(mutex) NO_THREAD_SAFETY_ANALYSIS {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  void WaitFor(Mutex& mutex, std::chrono::nanoseconds timeout)
      REQUIRES(mutex) NO_THREAD_SAFETY_ANALYSIS {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_until(lock, std::chrono::steady_clock::now() + timeout);
    lock.release();
  }

  void NotifyOne() { condition_.notify_one(); }

  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace sightline::base
