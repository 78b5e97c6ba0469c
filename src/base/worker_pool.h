// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "base/bounded_queue.h"

namespace sightline::base {

// A fixed number of threads for work that blocks, such as queries, with a bounded queue before
// them.
//
// Thread: any.
class WorkerPool {
 public:
  using Work = std::function<void()>;

  WorkerPool(unsigned threads, std::size_t max_queued) : queue_(max_queued) {
    for (unsigned i = 0; i < threads; ++i) {
      threads_.emplace_back([this] {
        while (auto work = queue_.Pop()) {
          (*work)();
        }
      });
    }
  }

  // Finishes what is queued.
  ~WorkerPool() { Stop(); }

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool has stopped; `work` is then untouched.
  bool TrySubmit(Work&& work) { return queue_.TryPush(std::move(work)); }

  // Idempotent.
  void Stop() {
    queue_.Close();
    threads_.clear();
  }

 private:
  BoundedQueue<Work> queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace sightline::base
