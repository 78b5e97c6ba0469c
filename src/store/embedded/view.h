// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/embedded/day_file.h"
#include "store/embedded/embedded_store.h"

namespace sightline::store::embedded {

// One consistent read of head and day files: a transaction, and the part of the head that this
// transaction does not see in a day file. The head is taken first, so a batch that is sealed in
// between is found in one of the two, and the seal position read inside the transaction decides in
// which.
//
// Thread: confined.
class EmbeddedStore::View {
 public:
  static base::Result<std::unique_ptr<View>> Open(EmbeddedStore& store, Deadline deadline);

  Connection& connection() { return *connection_; }

  const HeadSnapshot& head() const { return pin_->snapshot(); }

  const std::vector<DayFile>& days() const { return days_; }

  Sources sources() const;

 private:
  explicit View(EmbeddedStore& store) : instance_lock_(store.instance_mutex_) {}

  std::shared_lock<std::shared_mutex> instance_lock_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<QueryWatch::Guard> guard_;
  std::unique_ptr<Head::Pin> pin_;
  std::vector<DayFile> days_;
};

}  // namespace sightline::store::embedded
