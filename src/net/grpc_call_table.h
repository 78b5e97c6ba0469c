// SPDX-License-Identifier: Apache-2.0
// Internal to this folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "net/grpc_server.h"

namespace sightline::net {

// Which calls of a gRPC server are open, which of them have not brought their message yet, and
// which wait: for a place, or for room for their bytes. Asks those that wait again and again, and
// cuts those whose message does not come, on a thread of its own. Owns no call: one stays alive
// while it is in here and not finished.
//
// Thread: any.
class GrpcCallTable {
 public:
  using Call = GrpcResponder::Call;

  // The options must outlive it.
  explicit GrpcCallTable(const GrpcServerOptions& options) : options_(options) {}

  // Precondition: ended, if it was started.
  ~GrpcCallTable() = default;
  GrpcCallTable(const GrpcCallTable&) = delete;
  GrpcCallTable& operator=(const GrpcCallTable&) = delete;

  void Start();

  // Null: the call is open now, and may be read. Otherwise why not now.
  const char* Enter(Call* call) EXCLUDES(mutex_);

  // A call whose message has not come is either read or cut: true for the one who may go on.
  bool Claim(Call* call) EXCLUDES(mutex_);

  // The call is asked to go on until it does, see Call::TryGoOn. False when too many are.
  bool Hold(Call* call) EXCLUDES(mutex_);

  // A call that had entered is finished.
  void Leave(const std::string& address) EXCLUDES(mutex_);

  bool is_stopping() const EXCLUDES(mutex_);

  // No call enters from now on. False when that was so already.
  bool BeginStop() EXCLUDES(mutex_);

  // Waits until no call is open, or for the deadline.
  void WaitUntilEmpty(std::chrono::steady_clock::time_point deadline) EXCLUDES(mutex_);

  // Ends the thread. Afterwards there are no calls.
  void End() EXCLUDES(mutex_);

 private:
  using Calls = std::vector<Call*>;

  void Run() EXCLUDES(mutex_);
  Calls TakeOverdue() REQUIRES(mutex_);

  const GrpcServerOptions& options_;

  mutable base::Mutex mutex_;
  base::CondVar has_changed_;                      // open_calls_.
  base::CondVar timers_changed_;                   // held_, is_ended_.
  std::size_t open_calls_ GUARDED_BY(mutex_) = 0;  // That entered.
  std::unordered_map<std::string, std::size_t> calls_by_address_ GUARDED_BY(mutex_);
  std::unordered_map<Call*, std::chrono::steady_clock::time_point> unread_
      GUARDED_BY(mutex_);  // And when they are cut.
  Calls held_ GUARDED_BY(mutex_);
  std::size_t held_calls_ GUARDED_BY(mutex_) = 0;  // And those that are being asked.
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  bool is_ended_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace sightline::net
