// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

#include "base/mutex.h"
#include "base/result.h"

namespace sightline::store::embedded {

// How much memory rows of runs take while they are read and answered, all requests together. Up to
// `bytes` any number of reads go on beside each other; beyond it those of one thread do, so that a
// run larger than all of it can be read, and the others wait. A run of several million spans is
// refused: it would take more memory than the machine has.
//
// Thread: any. Charges may outlive it.
class ReadGate {
 public:
  struct Options {
    std::uint64_t bytes = std::uint64_t{32} << 20U;
    std::uint64_t most_bytes_of_read = std::uint64_t{768} << 20U;
  };

  using Deadline = std::chrono::steady_clock::time_point;

  class State;

  // What one read takes; all of it is given back at the end of its life.
  //
  // Thread: confined to the one that began it, but for its end.
  class Charge {
   public:
    explicit Charge(std::shared_ptr<State> state);
    ~Charge();
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;

    // Before the memory is taken; waits for other reads where that is needed.
    // Errors: kUnavailable at the deadline; kResourceExhausted for too large a read.
    base::Result<void> Grow(std::uint64_t bytes, Deadline deadline);

   private:
    const std::shared_ptr<State> state_;
    const std::thread::id owner_ = std::this_thread::get_id();
    std::uint64_t taken_ = 0;
  };

  explicit ReadGate(const Options& options);

  std::shared_ptr<Charge> Begin() const;

  // Of all charges now.
  std::uint64_t taken_bytes() const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace sightline::store::embedded
