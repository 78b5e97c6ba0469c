// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <thread>

#include "base/loss.h"
#include "base/mutex.h"
#include "store/embedded/duck.h"

namespace sightline::store::embedded {

// Interrupts connections that run past their deadline, and counts each of them once as
// query_timed_out.
//
// Thread: any. One thread of its own waits.
class QueryWatch {
 private:
  struct Watched {
    Connection* connection;
    bool is_late = false;  // And was counted.
  };

 public:
  using Deadline = std::chrono::steady_clock::time_point;

  explicit QueryWatch(base::LossTable& losses);
  ~QueryWatch();
  QueryWatch(const QueryWatch&) = delete;
  QueryWatch& operator=(const QueryWatch&) = delete;

  // Watches a connection for a scope. The connection must outlive the guard.
  class Guard {
   public:
    Guard(QueryWatch& watch, Connection& connection, Deadline deadline);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    QueryWatch& watch_;
    std::multimap<Deadline, Watched>::iterator entry_;
  };

 private:
  void Run();

  base::LossTable& losses_;
  base::Mutex mutex_;
  base::CondVar wake_;
  std::multimap<Deadline, Watched> watched_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace sightline::store::embedded
