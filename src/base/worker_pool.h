// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "base/bounded_queue.h"
#include "base/log.h"
#include "base/loss.h"
#include "base/thread_name.h"

namespace sightline::base {

// A fixed number of threads for work that blocks, such as queries, with a bounded queue before
// them. Work that throws, because memory runs out or a library does, is given up and counted as
// task_failed; its thread goes on.
//
// Thread: any.
class WorkerPool {
 public:
  using Work = std::function<void()>;

  // `name` is that of the threads.
  WorkerPool(const char* name, unsigned threads, std::size_t max_queued, LossTable& losses)
      : losses_(losses), queue_(max_queued) {
    for (unsigned i = 0; i < threads; ++i) {
      threads_.emplace_back([this, name] {
        NameThread(name);
        while (auto work = queue_.Pop()) {
          Do(*work);
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
  void Do(const Work& work) {
    try {
      work();
    } catch (const std::exception& exception) {
      losses_.Count(Loss::kTaskFailed);
      LogError("a request was given up: {}", exception.what());
    }
  }

  LossTable& losses_;
  BoundedQueue<Work> queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace sightline::base
