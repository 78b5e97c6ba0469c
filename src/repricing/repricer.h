// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "model/rollup.h"
#include "pricing/current_prices.h"
#include "repricing/job.h"
#include "store/meta_store.h"
#include "store/price_store.h"

namespace sightline::repricing {

// Prices the calls of stored runs again, in the background, day by day, a few runs at a time: as a
// dry run, which tells the difference, or for good. One job at a time.
//
// What is done of a day is stored in one transaction with how far it has come, and a run that was
// priced again has the figures of the book, so that nothing is counted twice: jobs that were
// running when a process ended go on in the next one. Runs that go on are passed over and tried
// again at the end.
//
// Thread: any. Owns its thread.
class Repricer {
 public:
  struct Options {
    std::size_t runs_at_once = 100;
    std::size_t max_spans_of_run = 200'000;                         // As live state has it.
    std::chrono::nanoseconds pause = std::chrono::milliseconds(5);  // Between two such parts.
    // Runs that went on are tried again so often, with a pause of its own.
    int tries = 20;
    std::chrono::nanoseconds pause_of_tries = std::chrono::seconds(1);
  };

  struct Parts {
    store::PriceStore& store;
    store::MetaStore& meta;
    const pricing::CurrentPrices& prices;
    const base::Clock& clock;
    std::function<bool()> is_ready;  // Whether sums in memory hold what is stored.
    // What is to be added to sums in memory.
    std::function<void(std::span<const model::RollupEntry>)> add_rollups;
  };

  // Goes on with what was running.
  Repricer(const Options& options, Parts parts);

  // Stops as Stop() does.
  ~Repricer();
  Repricer(const Repricer&) = delete;
  Repricer& operator=(const Repricer&) = delete;

  // Begins a job; `id` is new. kFailedPrecondition: one is running.
  base::Result<Job> Start(std::string id, std::int64_t start_ns, std::int64_t end_ns, Mode mode)
      EXCLUDES(mutex_);

  // All that are known, the newest first.
  base::Result<std::vector<Job>> Jobs() const EXCLUDES(mutex_);

  // Empty: there is none of that id.
  base::Result<std::optional<Job>> Find(std::string_view id) const EXCLUDES(mutex_);

  // Ends the thread after the runs at hand; a job that is running stays so. Idempotent.
  void Stop() EXCLUDES(mutex_);

 private:
  using Ids = std::vector<model::TraceId>;

  void Run(const std::stop_token& stop) EXCLUDES(mutex_);
  void Work(const std::stop_token& stop) EXCLUDES(mutex_);
  base::Result<void> PriceAll(const std::stop_token& stop);
  base::Result<void> PriceDay(std::int32_t day, const std::stop_token& stop);
  base::Result<void> PriceAgain(const std::stop_token& stop);
  base::Result<void> Apply(std::int32_t day, const Ids& ids, const model::TraceId& done,
                           Ids& priced, const std::stop_token& stop);
  void Publish() EXCLUDES(mutex_);
  void Finish(const base::Result<void>& done) EXCLUDES(mutex_);
  base::Result<void> Save(const Job& job);
  base::Result<void> ForgetOld();
  // False when it is to stop.
  bool Pause(std::chrono::nanoseconds time, const std::stop_token& stop) EXCLUDES(mutex_);

  const Options options_;
  const Parts parts_;

  // Of the thread alone.
  Job job_;
  std::shared_ptr<const pricing::PriceBook> book_;
  std::map<std::int32_t, Difference> by_day_;
  std::map<std::int32_t, Ids> skipped_;

  mutable base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<Job> waiting_ GUARDED_BY(mutex_);
  std::optional<Job> current_ GUARDED_BY(mutex_);  // As it is to be shown.
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace sightline::repricing
