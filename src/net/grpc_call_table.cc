// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_call_table.h"

#include <utility>

#include "base/thread_name.h"
#include "net/grpc_call.h"

namespace sightline::net {
namespace {

// How much later than its time a call may be cut.
constexpr std::chrono::milliseconds kOverdueCheck{250};

}  // namespace

void GrpcCallTable::Start() {
  thread_ = std::jthread([this] {
    base::NameThread("grpc-timers");
    Run();
  });
}

const char* GrpcCallTable::Enter(Call* call) {
  base::MutexLock lock(mutex_);
  if (is_stopping_) {
    return "the server is stopping";
  }
  const auto of_address = calls_by_address_.find(call->address());
  if (open_calls_ >= options_.max_concurrent_calls ||
      (of_address != calls_by_address_.end() &&
       of_address->second >= options_.max_calls_per_address)) {
    return "too many calls are open";
  }
  ++open_calls_;
  ++calls_by_address_[call->address()];
  unread_.emplace(call, std::chrono::steady_clock::now() + options_.message_timeout);
  return nullptr;
}

bool GrpcCallTable::Claim(Call* call) {
  base::MutexLock lock(mutex_);
  return unread_.erase(call) == 1;
}

bool GrpcCallTable::Hold(Call* call) {
  base::MutexLock lock(mutex_);
  if (held_calls_ >= options_.max_held_calls) {
    return false;
  }
  ++held_calls_;
  held_.push_back(call);
  timers_changed_.NotifyAll();
  return true;
}

void GrpcCallTable::Leave(const std::string& address) {
  base::MutexLock lock(mutex_);
  --open_calls_;
  const auto place = calls_by_address_.find(address);
  if (--place->second == 0) {
    calls_by_address_.erase(place);
  }
  has_changed_.NotifyAll();
}

bool GrpcCallTable::is_stopping() const {
  base::MutexLock lock(mutex_);
  return is_stopping_;
}

bool GrpcCallTable::BeginStop() {
  base::MutexLock lock(mutex_);
  return !std::exchange(is_stopping_, true);
}

void GrpcCallTable::WaitUntilEmpty(std::chrono::steady_clock::time_point deadline) {
  base::MutexLock lock(mutex_);
  while (open_calls_ > 0 && std::chrono::steady_clock::now() < deadline) {
    has_changed_.WaitFor(mutex_, deadline - std::chrono::steady_clock::now());
  }
}

void GrpcCallTable::End() {
  {
    base::MutexLock lock(mutex_);
    is_ended_ = true;
    timers_changed_.NotifyAll();
  }
  thread_.join();
}

// A call stays alive while it is claimed and not finished, so that nothing has to be done under the
// lock.
void GrpcCallTable::Run() {
  while (true) {
    Calls overdue;
    Calls held;
    {
      base::MutexLock lock(mutex_);
      if (!is_ended_) {
        timers_changed_.WaitFor(mutex_, held_.empty() ? kOverdueCheck : kAdmissionRetry);
      }
      if (is_ended_) {
        return;
      }
      overdue = TakeOverdue();
      held.swap(held_);
    }
    for (Call* call : overdue) {
      call->Cut();
    }
    const std::size_t gone = std::erase_if(held, [](Call* call) { return call->TryGoOn(); });
    base::MutexLock lock(mutex_);
    held_calls_ -= gone;
    held_.insert(held_.begin(), held.begin(), held.end());
  }
}

GrpcCallTable::Calls GrpcCallTable::TakeOverdue() {
  Calls overdue;
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(unread_, [&](const auto& entry) {
    if (entry.second > now) {
      return false;
    }
    overdue.push_back(entry.first);
    return true;
  });
  return overdue;
}

}  // namespace sightline::net
