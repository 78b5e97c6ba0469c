// SPDX-License-Identifier: Apache-2.0
#include "ingest/score_writer.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <span>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"

namespace sightline::ingest {
namespace {

// Readers of scores wait for a transaction, so it must not be long.
constexpr std::size_t kMostAtOnce = 500;

}  // namespace

ScoreWriter::ScoreWriter(store::MetaStore& store, base::LossTable& losses,
                         std::size_t max_waiting_bytes)
    : store_(store), losses_(losses), max_waiting_bytes_(max_waiting_bytes), thread_([this] {
        base::NameThread("scores");
        Run();
      }) {}

ScoreWriter::~ScoreWriter() {
  Stop();
}

void ScoreWriter::Stop() {
  {
    const base::MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  has_rows_.NotifyAll();
  has_room_.NotifyAll();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void ScoreWriter::Add(const model::Batch& batch, WhenFull when_full) {
  for (const model::Span& span : batch.spans) {
    if (!span.evaluations.empty()) {
      Push({.trace_id = span.trace_id,
            .span_id = span.span_id,
            .session_id = std::string(span.session_id),
            .evaluations = std::string(span.evaluations)},
           when_full);
    }
  }
  for (const model::LogRecord& log : batch.logs) {
    if (!log.evaluations.empty()) {
      Push({.trace_id = log.trace_id,
            .span_id = log.span_id,
            .session_id = std::string(log.session_id),
            .evaluations = std::string(log.evaluations)},
           when_full);
    }
  }
}

void ScoreWriter::Push(EvaluatedRow row, WhenFull when_full) {
  const std::size_t bytes = row.bytes();
  {
    const base::MutexLock lock(mutex_);
    // One row that is larger than the whole queue still goes in when it is empty.
    const auto has_room = [&] {
      return waiting_.empty() || waiting_bytes_ + bytes <= max_waiting_bytes_;
    };
    while (when_full == WhenFull::kWait && !is_stopping_ && !has_room()) {
      has_room_.Wait(mutex_);
    }
    if (is_stopping_ || !has_room()) {
      losses_.Count(base::Loss::kScoreNotStored);
      return;
    }
    waiting_.push_back(std::move(row));
    waiting_bytes_ += bytes;
  }
  has_rows_.NotifyOne();
}

// Empty once it stops and nothing waits.
std::vector<EvaluatedRow> ScoreWriter::Take() {
  std::vector<EvaluatedRow> rows;
  {
    const base::MutexLock lock(mutex_);
    while (waiting_.empty() && !is_stopping_) {
      has_rows_.Wait(mutex_);
    }
    rows.swap(waiting_);
    waiting_bytes_ = 0;
  }
  has_room_.NotifyAll();
  return rows;
}

void ScoreWriter::Run() {
  while (true) {
    const std::vector<EvaluatedRow> rows = Take();
    if (rows.empty()) {
      return;
    }
    try {
      Store(rows);
    } catch (const std::exception& exception) {
      losses_.Count(base::Loss::kTaskFailed);
      base::LogError("cannot store scores: {}", exception.what());
    }
  }
}

void ScoreWriter::Store(const std::vector<EvaluatedRow>& rows) {
  std::vector<store::Score> scores;
  for (const EvaluatedRow& row : rows) {
    std::vector<store::Score> of_row = ScoresOf(row, losses_);
    std::move(of_row.begin(), of_row.end(), std::back_inserter(scores));
  }
  for (std::size_t begin = 0; begin < scores.size(); begin += kMostAtOnce) {
    const auto part =
        std::span(scores).subspan(begin, std::min(kMostAtOnce, scores.size() - begin));
    if (const auto stored = store_.PutScores(part); !stored.has_value()) {
      losses_.Count(base::Loss::kScoreNotStored, part.size());
    }
  }
}

}  // namespace sightline::ingest
