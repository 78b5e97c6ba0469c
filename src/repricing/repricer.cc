// SPDX-License-Identifier: Apache-2.0
#include "repricing/repricer.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/thread_name.h"
#include "repricing/run_pricing.h"

namespace sightline::repricing {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::SavedDocument;
using store::SavedKind;

// Finished ones beyond it are forgotten, the oldest first.
constexpr std::size_t kMostJobs = 100;

constexpr std::chrono::seconds kPatienceOfReads{60};

// How often something that passes, such as runs that wait to be stored, is waited for.
constexpr int kMostWaits = 120;
constexpr std::chrono::milliseconds kWait{500};

std::chrono::steady_clock::time_point Soon() {
  return std::chrono::steady_clock::now() + kPatienceOfReads;
}

Result<Job> JobOf(const SavedDocument& saved) {
  Job job = TRY(Job::Decode(saved.document));
  job.id = saved.id;
  job.created_ns = saved.created_ns;
  return job;
}

}  // namespace

Repricer::Repricer(const Options& options, Parts parts)
    : options_(options), parts_(std::move(parts)) {
  // A store that cannot be read says so itself.
  if (const auto saved = parts_.meta.Saved(SavedKind::kRepricing); saved.has_value()) {
    const base::MutexLock lock(mutex_);
    for (const SavedDocument& document : *saved) {
      auto job = JobOf(document);
      if (job.has_value() && job->state == State::kRunning) {
        waiting_.push_back(*std::move(job));
      }
    }
  }
  thread_ = std::jthread([this](const std::stop_token& stop) {
    base::NameThread("reprice");
    Run(stop);
  });
}

Repricer::~Repricer() {
  Stop();
}

void Repricer::Stop() {
  {
    const base::MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  thread_.request_stop();
  changed_.NotifyAll();
  if (thread_.joinable()) {
    thread_.join();
  }
}

Result<Job> Repricer::Start(std::string id, std::int64_t start_ns, std::int64_t end_ns, Mode mode) {
  Job job{.id = std::move(id),
          .start_ns = start_ns,
          .end_ns = end_ns,
          .mode = mode,
          .created_ns = parts_.clock.NowNs()};
  const base::MutexLock lock(mutex_);
  if (current_ || !waiting_.empty()) {
    const Job& running = current_ ? *current_ : waiting_.front();
    return Error(Code::kFailedPrecondition,
                 fmt::format("repricing '{}' is running: wait until it is done", running.id));
  }
  TRY(ForgetOld());
  TRY(parts_.meta.AddSaved(SavedKind::kRepricing, {.id = job.id,
                                                   .name = job.id,
                                                   .document = job.Encode(),
                                                   .created_ns = job.created_ns,
                                                   .updated_ns = job.created_ns}));
  waiting_.push_back(job);
  changed_.NotifyAll();
  return job;
}

Result<void> Repricer::ForgetOld() {
  std::vector<SavedDocument> saved = TRY(parts_.meta.Saved(SavedKind::kRepricing));
  std::ranges::sort(saved, std::ranges::greater(), &SavedDocument::created_ns);
  for (std::size_t i = kMostJobs - 1; i < saved.size(); ++i) {
    TRY(parts_.meta.DeleteSaved(SavedKind::kRepricing, saved[i].id));
  }
  return {};
}

Result<std::vector<Job>> Repricer::Jobs() const {
  std::vector<Job> jobs;
  for (const SavedDocument& saved : TRY(parts_.meta.Saved(SavedKind::kRepricing))) {
    jobs.push_back(TRY(JobOf(saved)));
  }
  const base::MutexLock lock(mutex_);
  for (Job& job : jobs) {
    if (current_ && current_->id == job.id && job.state == State::kRunning) {
      job = *current_;
    }
  }
  std::ranges::sort(jobs, std::ranges::greater(), &Job::created_ns);
  return jobs;
}

Result<std::optional<Job>> Repricer::Find(std::string_view id) const {
  for (Job& job : TRY(Jobs())) {
    if (job.id == id) {
      return std::optional(std::move(job));
    }
  }
  return std::optional<Job>();
}

bool Repricer::Pause(std::chrono::nanoseconds time, const std::stop_token& stop) {
  const auto until = std::chrono::steady_clock::now() + time;
  const base::MutexLock lock(mutex_);
  while (!is_stopping_) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= left.zero()) {
      break;
    }
    changed_.WaitFor(mutex_, left);
  }
  return !stop.stop_requested();
}

void Repricer::Run(const std::stop_token& stop) {
  while (!stop.stop_requested() && !parts_.is_ready()) {
    Pause(kWait, stop);
  }
  while (!stop.stop_requested()) {
    {
      const base::MutexLock lock(mutex_);
      while (waiting_.empty() && !is_stopping_) {
        changed_.Wait(mutex_);
      }
      if (is_stopping_) {
        return;
      }
      job_ = std::move(waiting_.front());
      waiting_.pop_front();
      current_ = job_;
    }
    Work(stop);
  }
}

void Repricer::Work(const std::stop_token& stop) {
  book_ = parts_.prices.Get();
  by_day_.clear();
  skipped_.clear();
  Result<void> done;
  try {
    done = PriceAll(stop);
  } catch (const std::exception& exception) {
    done = Error(Code::kInternal, exception.what());
  }
  book_ = nullptr;
  if (!stop.stop_requested()) {
    Finish(done);
  }
}

Result<void> Repricer::PriceAll(const std::stop_token& stop) {
  for (const std::int32_t day :
       TRY(parts_.store.DaysWithRuns(job_.start_ns, job_.end_ns, Soon()))) {
    const Result<void> priced = PriceDay(day, stop);
    if (!priced.has_value() && priced.error().code() != Code::kNotFound) {
      return priced.error();
    }
    if (stop.stop_requested()) {
      return {};
    }
  }
  return PriceAgain(stop);
}

Result<void> Repricer::PriceDay(std::int32_t day, const std::stop_token& stop) {
  model::TraceId after;
  if (job_.mode == Mode::kApply) {
    if (const auto progress = TRY(parts_.store.ProgressOf(day, job_.id, Soon()))) {
      after = progress->last;
      by_day_[day] = TRY(Difference::Decode(progress->document));
      Publish();
    }
  }
  while (true) {
    const store::RunsOfDay runs = TRY(parts_.store.SettledRuns(
        day, job_.start_ns, job_.end_ns, after, options_.runs_at_once, Soon()));
    if (runs.next) {
      after = *runs.next;
    } else if (!runs.ids.empty()) {
      after = runs.ids.back();
    }
    Ids priced;
    TRY(Apply(day, runs.ids, after, priced, stop));
    const std::unordered_set<model::TraceId, model::TraceIdHasher> done(priced.begin(),
                                                                        priced.end());
    std::ranges::copy_if(runs.ids, std::back_inserter(skipped_[day]),
                         [&](const model::TraceId& id) { return !done.contains(id); });
    Publish();
    if (!Pause(options_.pause, stop) || !runs.next) {
      return {};
    }
  }
}

// Tries the runs again that went on.
Result<void> Repricer::PriceAgain(const std::stop_token& stop) {
  std::erase_if(skipped_, [](const auto& day) { return day.second.empty(); });
  for (int i = 0; i < options_.tries && !skipped_.empty(); ++i) {
    if (!Pause(options_.pause_of_tries, stop)) {
      return {};
    }
    for (auto& [day, ids] : skipped_) {
      const Ids some(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(
                                                    std::min(ids.size(), options_.runs_at_once)));
      Ids priced;
      model::TraceId all;
      all.bytes.fill(0xFF);
      TRY(Apply(day, some, all, priced, stop));
      for (const model::TraceId& id : priced) {
        std::erase(ids, id);
      }
    }
    std::erase_if(skipped_, [](const auto& day) { return day.second.empty(); });
    Publish();
  }
  return {};
}

// Prices some runs of a day; `done` is how far the day is then. Adds those that did not go on to
// `priced`.
Result<void> Repricer::Apply(std::int32_t day, const Ids& ids, const model::TraceId& done,
                             Ids& priced, const std::stop_token& stop) {
  if (ids.empty()) {
    return {};
  }
  Repriced repriced;
  const auto price = [&](const std::vector<store::SettledRun>& runs) {
    priced.clear();
    for (const store::SettledRun& run : runs) {
      priced.push_back(run.trace_id);
    }
    repriced = PriceRuns(runs, *book_, options_.max_spans_of_run);
    Difference so_far = by_day_[day];
    so_far += repriced.difference;
    repriced.correction.progress = {.job = job_.id, .last = done, .document = so_far.Encode()};
  };
  if (job_.mode == Mode::kDryRun) {
    price(TRY(parts_.store.ReadSettled(day, ids, Soon())));
  } else {
    std::vector<model::RollupEntry> rollups;
    const auto correct = [&](const std::vector<store::SettledRun>& runs) -> store::Correction {
      price(runs);
      rollups = repriced.correction.rollups;
      return std::move(repriced.correction);
    };
    Result<void> stored = parts_.store.Correct(day, ids, correct, Soon());
    for (int i = 0; i < kMostWaits && !stored.has_value() &&
                    stored.error().code() == Code::kUnavailable && Pause(kWait, stop);
         ++i) {
      stored = parts_.store.Correct(day, ids, correct, Soon());
    }
    TRY(std::move(stored));
    parts_.add_rollups(rollups);
  }
  by_day_[day] += repriced.difference;
  return {};
}

void Repricer::Publish() {
  job_.difference = {};
  for (const auto& [day, difference] : by_day_) {
    job_.difference += difference;
  }
  job_.skipped_runs = 0;
  for (const auto& [day, ids] : skipped_) {
    job_.skipped_runs += static_cast<std::int64_t>(ids.size());
  }
  const base::MutexLock lock(mutex_);
  current_ = job_;
}

void Repricer::Finish(const Result<void>& done) {
  Publish();
  job_.finished_ns = parts_.clock.NowNs();
  job_.state = done.has_value() ? State::kDone : State::kFailed;
  job_.detail = done.has_value() ? std::string() : done.error().message();
  if (!done.has_value()) {
    base::LogError("repricing {}: {}", job_.id, job_.detail);
  }
  // Who sees that it is done may begin the next one.
  const base::MutexLock lock(mutex_);
  if (const auto saved = Save(job_); !saved.has_value()) {
    base::LogError("repricing {} cannot be stored: {}", job_.id, saved.error().message());
  }
  current_ = std::nullopt;
}

Result<void> Repricer::Save(const Job& job) {
  TRY(parts_.meta.ReplaceSaved(
      SavedKind::kRepricing,
      {.id = job.id, .name = job.id, .document = job.Encode(), .updated_ns = job.finished_ns}));
  return {};
}

}  // namespace sightline::repricing
