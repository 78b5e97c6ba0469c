// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <shared_mutex>
#include <utility>

#include "base/result.h"
#include "store/embedded/embedded_store.h"

namespace sightline::store::embedded {

// A connection for one read, interrupted at the read's deadline. While it lives the instance of
// DuckDB is not replaced. A read has one at a time.
//
// Thread: confined.
class EmbeddedStore::Reading {
 public:
  static base::Result<std::unique_ptr<Reading>> Open(EmbeddedStore& store, Deadline deadline) {
    std::unique_ptr<Reading> reading(new Reading(store, deadline));
    if (!reading->instance_lock_.owns_lock() || store.database_ == nullptr) {
      return base::Error(base::Code::kUnavailable, "cannot read: the store is being reopened");
    }
    reading->connection_ = TRY(store.database_->Connect());
    reading->guard_ =
        std::make_unique<QueryWatch::Guard>(store.watch_, *reading->connection_, deadline);
    return reading;
  }

  Connection& connection() { return *connection_; }

 private:
  Reading(EmbeddedStore& store, Deadline deadline)
      : instance_lock_(store.instance_mutex_, deadline) {}

  std::shared_lock<base::FairSharedMutex> instance_lock_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<QueryWatch::Guard> guard_;
};

}  // namespace sightline::store::embedded
