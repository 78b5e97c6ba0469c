// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/thread_name.h"
#include "live/live.h"

// The queue of batches, the thread that takes them in and tells of changes, and the one that loads
// old runs.

namespace sightline::live {
namespace {

constexpr std::int64_t kNsPerMinute = 60'000'000'000;

// The queue is looked at this often even if nothing comes, for what changes by time alone: windows
// that move and runs that fall silent.
constexpr std::chrono::milliseconds kIdleTick{500};

// A watched run is described at most this often; a large one less, for its description is long.
std::int64_t TellIntervalNs(std::size_t spans) {
  constexpr std::int64_t kLeastNs = 40'000'000;
  constexpr std::int64_t kNsPerSpan = 500'000;
  constexpr std::int64_t kMostNs = 1'000'000'000;
  return std::clamp(static_cast<std::int64_t>(spans) * kNsPerSpan, kLeastNs, kMostNs);
}

double Milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

// The state of a run from the spans that storage holds of it; null when they cannot be read.
std::unique_ptr<RunState> LoadOld(History& history, const model::TraceId& trace_id,
                                  std::uint64_t position, std::size_t max_spans) {
  try {
    const auto rows = history.Load(trace_id, position);
    if (!rows.has_value()) {
      base::LogWarning("live: cannot load run {}: {}", trace_id.ToHex(), rows.error().message());
      return nullptr;
    }
    auto old = std::make_unique<RunState>(trace_id, max_spans);
    for (const auto* spans : {&(*rows)->spans, &(*rows)->pending}) {
      for (const model::Span& span : *spans) {
        old->Add(span);
      }
    }
    old->Refresh(false);
    return old;
  } catch (const std::exception& error) {
    base::LogError("live: cannot load run {}: {}", trace_id.ToHex(), error.what());
    return nullptr;
  }
}

}  // namespace

void Live::Start(std::uint64_t position) {
  std::uint64_t told_position = 0;
  {
    base::MutexLock lock(mutex_);
    runs_.SkipTo(position);
    runs_.Refresh(clock_.NowNs());
    told_position = runs_.refreshed_position();
  }
  {
    base::MutexLock lock(queue_mutex_);
    told_position_ = told_position;
  }
  thread_ = std::jthread([this] {
    base::NameThread("live");
    Run();
  });
  loader_ = std::jthread([this] {
    base::NameThread("live-loader");
    RunLoader();
  });
}

void Live::Stop() {
  {
    base::MutexLock lock(queue_mutex_);
    is_stopping_ = true;
  }
  not_empty_.NotifyAll();
  has_room_.NotifyAll();
  is_told_.NotifyAll();
  if (thread_.joinable()) {
    thread_.join();
  }
  {
    base::MutexLock lock(mutex_);
    is_loader_stopping_ = true;
  }
  has_loads_.NotifyAll();
  if (loader_.joinable()) {
    loader_.join();
  }
  base::MutexLock lock(mutex_);
  runs_.LetGoOfDone(clock_.NowNs());
}

void Live::Add(model::BatchPtr batch) {
  const std::size_t bytes = batch->row_bytes() + batch->source.capacity() + batch->held_bytes;
  const double earlier_ms =
      static_cast<double>(std::max<std::int64_t>(0, clock_.NowNs() - batch->received_ns)) / 1e6;
  {
    base::MutexLock lock(queue_mutex_);
    // One batch may be larger than all that may wait.
    while (!queue_.empty() && !is_stopping_ &&
           (queue_.size() >= options_.max_waiting_batches ||
            waiting_bytes_ + bytes > options_.max_waiting_bytes)) {
      has_room_.Wait(queue_mutex_);
    }
    added_position_ = std::max(added_position_, batch->position);
    queue_.push_back({.batch = std::move(batch),
                      .bytes = bytes,
                      .added_at = clock_.SteadyNow(),
                      .earlier_ms = earlier_ms});
    waiting_bytes_ += bytes;
    ++added_;
  }
  not_empty_.NotifyOne();
}

void Live::WantTick() {
  {
    base::MutexLock lock(queue_mutex_);
    wants_tick_ = true;
  }
  not_empty_.NotifyAll();
}

bool Live::WaitFor(std::uint64_t position, std::chrono::steady_clock::time_point deadline) {
  // A large run is brought up to date after a while only, and loading takes its time: no need to
  // look all the time.
  constexpr std::chrono::milliseconds kStep{20};
  auto next_tick = std::chrono::steady_clock::now();
  base::MutexLock lock(queue_mutex_);
  while (told_position_ < position && !is_stopping_) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline) {
      return false;
    }
    if (now >= next_tick) {
      wants_tick_ = true;
      not_empty_.NotifyAll();
      next_tick = now + kStep;
    }
    is_told_.WaitFor(queue_mutex_, std::min(deadline, next_tick) - now);
  }
  return told_position_ >= position;
}

bool Live::WaitForAdded(std::chrono::steady_clock::time_point deadline) {
  std::uint64_t position = 0;
  {
    base::MutexLock lock(queue_mutex_);
    position = added_position_;
  }
  return WaitFor(position, deadline);
}

double Live::lag() const {
  base::MutexLock lock(queue_mutex_);
  if (!untold_since_ && queue_.empty()) {
    return 0;
  }
  const Runs::Time since = untold_since_.value_or(clock_.SteadyNow());
  const Runs::Time oldest = queue_.empty() ? since : std::min(since, queue_.front().added_at);
  return Milliseconds(clock_.SteadyNow() - oldest);
}

void Live::Flush() {
  base::MutexLock lock(queue_mutex_);
  const std::uint64_t wanted = added_;
  while (told_ < wanted && !is_stopping_) {
    wants_tick_ = true;
    not_empty_.NotifyAll();
    is_told_.Wait(queue_mutex_);
  }
}

std::vector<Live::Waiting> Live::TakeBatches(std::chrono::nanoseconds wait) {
  constexpr std::size_t kAtOnce = 64;
  std::vector<Waiting> batches;
  {
    base::MutexLock lock(queue_mutex_);
    if (queue_.empty() && !is_stopping_ && !wants_tick_) {
      not_empty_.WaitFor(queue_mutex_, wait);
    }
    while (!queue_.empty() && batches.size() < kAtOnce) {
      const Waiting& first = queue_.front();
      untold_since_ = untold_since_.value_or(first.added_at);
      untold_lag_ms_ = std::max(untold_lag_ms_,
                                first.earlier_ms - Milliseconds(first.added_at - *untold_since_));
      batches.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    taken_ += batches.size();
  }
  has_room_.NotifyAll();
  return batches;
}

void Live::CollectSpans(const model::BatchPtr& batch, LiveUpdate& update) {
  if (watched_traces_.empty()) {
    return;
  }
  std::unordered_map<model::TraceId, std::size_t, model::TraceIdHasher> places;
  for (const auto* spans : {&batch->spans, &batch->pending}) {
    for (const model::Span& span : *spans) {
      if (!watched_traces_.contains(span.trace_id)) {
        continue;
      }
      const auto [place, is_new] = places.try_emplace(span.trace_id, update.spans.size());
      if (is_new) {
        update.spans.push_back({.trace_id = span.trace_id, .batch = batch, .spans = {}});
      }
      update.spans[place->second].spans.push_back(&span);
    }
  }
}

// False when it threw, for a lack of memory for instance. The thread goes on.
bool Live::Try(std::string_view what, const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    losses_.Count(base::Loss::kTaskFailed);
    base::LogError("live: cannot {}: {}", what, error.what());
    return false;
  }
}

void Live::TakeIn(const std::vector<Waiting>& batches, LiveUpdate& update) {
  for (const Waiting& waiting : batches) {
    const bool is_taken = Try("take in what came", [&] {
      rates_.Add(*waiting.batch);
      base::MutexLock lock(mutex_);
      runs_.Apply(*waiting.batch, waiting.added_at);
      CollectSpans(waiting.batch, update);
    });
    bool has_loads = false;
    {
      base::MutexLock lock(mutex_);
      if (!is_taken) {
        runs_.SkipTo(waiting.batch->position);
      }
      has_loads = runs_.NextLoad() != nullptr;
    }
    if (has_loads) {
      has_loads_.NotifyOne();
    }
    {
      base::MutexLock lock(queue_mutex_);
      waiting_bytes_ -= waiting.bytes;
    }
    has_room_.NotifyAll();
  }
}

void Live::RunLoader() {
  while (true) {
    Runs::LoadRequest request;
    {
      base::MutexLock lock(mutex_);
      while (runs_.NextLoad() == nullptr && !is_loader_stopping_) {
        has_loads_.Wait(mutex_);
      }
      if (is_loader_stopping_) {
        return;
      }
      request = *runs_.NextLoad();
    }
    std::unique_ptr<RunState> old =
        LoadOld(history_, request.trace_id, request.position, options_.runs.max_spans_of_run);
    {
      base::MutexLock lock(mutex_);
      runs_.Loaded(std::move(old));
    }
    WantTick();
  }
}

void Live::MarkWatched(const model::RunRecord& record) {
  for (const std::string& id : {record.trace_id.ToHex(), record.run_id}) {
    const auto it = watched_runs_.find(id);
    if (it != watched_runs_.end()) {
      it->second.is_due = true;
    }
  }
}

void Live::TellWatched(std::int64_t now_ns, LiveUpdate& update) {
  for (auto& [execution_id, watched] : watched_runs_) {
    if (!watched.is_due) {
      continue;
    }
    const RecordPtr record = Find(execution_id);
    if (record == nullptr) {
      watched.is_due = false;
      continue;
    }
    // The end is told at once.
    if (!model::IsFinal(record->status) &&
        now_ns - watched.told_ns < TellIntervalNs(record->span_count + record->open_steps)) {
      continue;
    }
    watched.is_due = false;
    watched.told_ns = now_ns;
    if (RunSnapshotPtr snapshot = SnapshotOf(record->trace_id)) {
      update.runs.push_back(std::move(snapshot));
    }
  }
}

std::uint64_t Live::Tick(LiveUpdate& update) {
  const std::int64_t now_ns = clock_.NowNs();
  rollups_.Advance(now_ns / kNsPerMinute);
  base::MutexLock lock(mutex_);
  runs_.Refresh(now_ns);
  const std::vector<RecordPtr> changed = runs_.TakeChanged();
  update.has_new_figures = !changed.empty();
  if (!watched_runs_.empty()) {
    for (const RecordPtr& record : changed) {
      MarkWatched(*record);
    }
    TellWatched(now_ns, update);
  }
  return runs_.refreshed_position();
}

void Live::FinishTick(std::uint64_t position) {
  double lag_ms = 0;
  {
    base::MutexLock lock(queue_mutex_);
    if (untold_since_) {
      lag_ms = Milliseconds(clock_.SteadyNow() - *untold_since_) + untold_lag_ms_;
    }
    untold_since_ = std::nullopt;
    untold_lag_ms_ = 0;
    told_ = taken_;
    told_position_ = std::max(told_position_, position);
  }
  rates_.AddLag(lag_ms);
  is_told_.NotifyAll();
}

void Live::Tell(const LiveUpdate& update) {
  std::shared_ptr<const Listener> listener;
  {
    base::MutexLock lock(mutex_);
    listener = listener_;
  }
  if (listener != nullptr &&
      (update.has_new_figures || !update.runs.empty() || !update.spans.empty())) {
    (*listener)(update);
  }
}

void Live::Run() {
  auto next_tick = std::chrono::steady_clock::now();
  bool has_work = false;
  LiveUpdate update;
  while (true) {
    const std::chrono::nanoseconds wait =
        has_work ? std::max<std::chrono::nanoseconds>(next_tick - std::chrono::steady_clock::now(),
                                                      std::chrono::nanoseconds(0))
                 : std::chrono::nanoseconds(kIdleTick);
    const std::vector<Waiting> batches = TakeBatches(wait);
    TakeIn(batches, update);
    const bool is_idle_tick = batches.empty() && !has_work;
    has_work = has_work || !batches.empty();
    bool is_last = false;
    bool is_wanted = false;
    {
      base::MutexLock lock(queue_mutex_);
      is_last = is_stopping_ && queue_.empty();
      is_wanted = std::exchange(wants_tick_, false);
    }
    if (!is_last && !is_wanted && !is_idle_tick && std::chrono::steady_clock::now() < next_tick) {
      continue;
    }
    std::uint64_t position = 0;
    const bool is_told = Try("tell what has changed", [&] {
      position = Tick(update);
      Tell(update);
    });
    if (!is_told) {
      position = 0;  // The next tick says how far it is.
    }
    update = {};
    next_tick = std::chrono::steady_clock::now() + options_.tick;
    has_work = false;
    FinishTick(position);
    if (is_last) {
      return;
    }
  }
}

}  // namespace sightline::live
