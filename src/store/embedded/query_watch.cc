// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/query_watch.h"

#include <utility>

#include "base/thread_name.h"

namespace sightline::store::embedded {
namespace {

// An interrupted statement may be followed by another one of the same read: it is stopped as well.
constexpr auto kRepeat = std::chrono::milliseconds(20);

}  // namespace

QueryWatch::QueryWatch(base::LossTable& losses) : losses_(losses) {
  thread_ = std::jthread([this] {
    base::NameThread("query-watch");
    Run();
  });
}

QueryWatch::~QueryWatch() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
}

QueryWatch::Guard::Guard(QueryWatch& watch, Connection& connection, Deadline deadline)
    : watch_(watch) {
  {
    base::MutexLock lock(watch_.mutex_);
    entry_ = watch_.watched_.emplace(deadline, Watched{.connection = &connection});
  }
  watch_.wake_.NotifyOne();
}

QueryWatch::Guard::~Guard() {
  base::MutexLock lock(watch_.mutex_);
  watch_.watched_.erase(entry_);
}

void QueryWatch::Run() {
  base::MutexLock lock(mutex_);
  while (!stopping_) {
    if (watched_.empty()) {
      wake_.Wait(mutex_);
      continue;
    }
    const auto now = std::chrono::steady_clock::now();
    const auto first = watched_.begin()->first;
    if (first > now) {
      wake_.WaitFor(mutex_, first - now);
      continue;
    }
    for (auto it = watched_.begin(); it != watched_.end() && it->first <= now; ++it) {
      it->second.connection->Interrupt();
      losses_.Count(base::Loss::kQueryTimedOut, std::exchange(it->second.is_late, true) ? 0 : 1);
    }
    wake_.WaitFor(mutex_, kRepeat);
  }
}

}  // namespace sightline::store::embedded
