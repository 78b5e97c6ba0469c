// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/mutex.h"

namespace sightline::base {

// A shared mutex in which whoever wants it alone waits only for those who hold it already: those
// who come later and would share it wait. With std::shared_mutex a steady stream of readers keeps a
// writer out for ever. Members are named as those of std::shared_timed_mutex, for std::shared_lock
// and std::unique_lock. Who shares it must not share it a second time: the two would wait for each
// other when somebody wants it alone in between.
//
// Thread: any.
class FairSharedMutex {
 public:
  void lock() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    ++wanting_alone_;
    while (is_alone_ || sharing_ > 0) {
      changed_.Wait(mutex_);
    }
    --wanting_alone_;
    is_alone_ = true;
  }

  void unlock() EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      is_alone_ = false;
    }
    changed_.NotifyAll();
  }

  void lock_shared() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (is_alone_ || wanting_alone_ > 0) {
      changed_.Wait(mutex_);
    }
    ++sharing_;
  }

  // False when it could not be had before `deadline`.
  bool try_lock_shared_until(std::chrono::steady_clock::time_point deadline) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (is_alone_ || wanting_alone_ > 0) {
      const auto left = deadline - std::chrono::steady_clock::now();
      if (left <= left.zero()) {
        return false;
      }
      changed_.WaitFor(mutex_, left);
    }
    ++sharing_;
    return true;
  }

  void unlock_shared() EXCLUDES(mutex_) {
    bool is_last = false;
    {
      MutexLock lock(mutex_);
      is_last = --sharing_ == 0;
    }
    if (is_last) {
      changed_.NotifyAll();
    }
  }

  // How many wait for having it alone.
  int wanting_alone() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return wanting_alone_;
  }

 private:
  mutable Mutex mutex_;
  CondVar changed_;
  int sharing_ GUARDED_BY(mutex_) = 0;
  int wanting_alone_ GUARDED_BY(mutex_) = 0;
  bool is_alone_ GUARDED_BY(mutex_) = false;
};

}  // namespace sightline::base
