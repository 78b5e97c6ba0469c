// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/read_gate.h"

#include <utility>

#include <fmt/format.h>

namespace sightline::store::embedded {

class ReadGate::State {
 public:
  explicit State(const Options& options) : options_(options) {}

  base::Result<void> Take(std::thread::id owner, std::uint64_t taken, std::uint64_t bytes,
                          Deadline deadline) EXCLUDES(mutex_) {
    if (taken + bytes > options_.most_bytes_of_read) {
      return base::Error(base::Code::kResourceExhausted,
                         fmt::format("cannot read the run at once: its rows take more than {} MB",
                                     options_.most_bytes_of_read >> 20U));
    }
    base::MutexLock lock(mutex_);
    while (!MayTake(owner, bytes)) {
      const auto now = std::chrono::steady_clock::now();
      if (now >= deadline) {
        return base::Error(base::Code::kUnavailable,
                           "cannot read the run now: other large runs are being read");
      }
      has_changed_.WaitFor(mutex_, deadline - now);
    }
    taken_ += bytes;
    if (taken_ > options_.bytes) {
      beyond_ = owner;
    }
    return {};
  }

  void Give(std::uint64_t bytes) EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    taken_ -= bytes;
    if (taken_ <= options_.bytes) {
      beyond_ = {};
    }
    has_changed_.NotifyAll();
  }

  std::uint64_t taken() const EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    return taken_;
  }

 private:
  bool MayTake(std::thread::id owner, std::uint64_t bytes) const REQUIRES(mutex_) {
    return taken_ + bytes <= options_.bytes || beyond_ == std::thread::id() || beyond_ == owner;
  }

  const Options options_;
  mutable base::Mutex mutex_;
  base::CondVar has_changed_;
  std::uint64_t taken_ GUARDED_BY(mutex_) = 0;
  // The thread that went beyond what all may take; none while nobody has.
  std::thread::id beyond_ GUARDED_BY(mutex_);
};

ReadGate::Charge::Charge(std::shared_ptr<State> state) : state_(std::move(state)) {}

ReadGate::Charge::~Charge() {
  if (taken_ != 0) {
    state_->Give(taken_);
  }
}

base::Result<void> ReadGate::Charge::Grow(std::uint64_t bytes, Deadline deadline) {
  TRY(state_->Take(owner_, taken_, bytes, deadline));
  taken_ += bytes;
  return {};
}

ReadGate::ReadGate(const Options& options) : state_(std::make_shared<State>(options)) {}

std::shared_ptr<ReadGate::Charge> ReadGate::Begin() const {
  return std::make_shared<Charge>(state_);
}

std::uint64_t ReadGate::taken_bytes() const {
  return state_->taken();
}

}  // namespace sightline::store::embedded
