// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/fact_pieces.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"

namespace sightline::store::embedded {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kHourNs = 3'600'000'000'000;

// With fewer, adding them up each time is as fast.
constexpr std::size_t kLeastSettled = 3;

// Days with more groups are kept as a part of the sum of all settled ones only.
constexpr std::size_t kMostGroupsOfSettled = 200;

std::int64_t HourBefore(std::int64_t time_ns) {
  const std::int64_t beyond = (time_ns % kHourNs + kHourNs) % kHourNs;
  return time_ns < kEver + kHourNs ? kEver : time_ns - beyond;
}

std::int64_t HourAfter(std::int64_t time_ns) {
  const std::int64_t before = HourBefore(time_ns);
  return before == time_ns || before > kForever - kHourNs ? time_ns : before + kHourNs;
}

void AppendText(std::string& name, std::string_view text) {
  name += fmt::format("{}:", text.size());
  name += text;
}

std::string NameOf(const query::FactQuery& query) {
  std::string name = query.of_runs ? "runs" : "steps";
  for (const std::optional<std::string>& filter : query.equals) {
    name += filter ? '=' : '*';
    if (filter) {
      AppendText(name, *filter);
    }
  }
  for (const std::optional<std::int64_t>& bound :
       {query.amounts.min_duration_ns, query.amounts.max_duration_ns, query.amounts.min_cost,
        query.amounts.max_cost, query.amounts.min_tokens}) {
    name += bound ? fmt::format("<{}", *bound) : "<";
  }
  for (const query::FactKey key : query.by) {
    name += fmt::format("/{}", static_cast<unsigned>(key));
  }
  const std::int64_t offset = query.bucket_ns == 0 ? 0 : query.bucket_offset_ns;
  name += fmt::format("@{}+{}{}", query.bucket_ns, offset, query.with_latency ? "L" : "");
  if (query.largest != 0) {
    name += fmt::format("^{} {}", query.largest, static_cast<unsigned>(query.largest_by));
  }
  if (query.among_runs != nullptr) {
    const auto* const bytes = reinterpret_cast<const char*>(query.among_runs->data());
    const base::Hash128 hash =
        base::HashBytes128({bytes, query.among_runs->size() * sizeof(model::TraceId)});
    name += fmt::format("of {} {:016x}{:016x}", query.among_runs->size(), hash.high, hash.low);
  }
  if (query.among) {
    // Their own texts would be most of what is kept.
    std::string names;
    for (const std::string& text : *query.among) {
      AppendText(names, text);
    }
    const base::Hash128 hash = base::HashBytes128(names);
    name += fmt::format("in {} {:016x}{:016x}", query.among->size(), hash.high, hash.low);
  }
  return name;
}

// Drops the smallest of more groups than the query wants of a part.
void KeepLargest(const query::FactQuery& query, std::vector<query::FactGroup>& groups) {
  if (query.largest == 0 || groups.size() <= query.largest) {
    return;
  }
  const auto end = groups.begin() + static_cast<std::ptrdiff_t>(query.largest);
  std::nth_element(groups.begin(), end, groups.end(), [&](const auto& a, const auto& b) {
    return query::IsLarger(a, b, query.largest_by);
  });
  groups.erase(end, groups.end());
}

}  // namespace

FactPieces::FactPieces(const query::FactQuery& query, std::span<const DayAsOf> days,
                       FactCache* cache)
    : query_(query), cache_(cache), name_(NameOf(query)) {
  for (std::size_t i = 0; i < days.size(); ++i) {
    AddPieces(days[i], i + 1 == days.size());
  }
  FindSettled();
  if (settled_ != nullptr) {
    return;
  }
  for (Piece& piece : pieces_) {
    if (piece.key.empty()) {
      continue;
    }
    FactCache::EntryPtr kept = cache_->Find(piece.key);
    if (kept == nullptr || kept->cut_number > piece.cut_number) {
      continue;
    }
    if (kept->cut_number == piece.cut_number) {
      piece.answer = std::move(kept);
    } else {
      piece.span.first_row = kept->rows;
      piece.kept = std::move(kept);
    }
  }
}

void FactPieces::AddPieces(const DayAsOf& as_of, bool is_newest) {
  const std::int64_t start_ns = query_.start_time_ns;
  const std::int64_t end_ns = query_.end_time_ns;
  if (cache_ == nullptr) {
    AddPiece(as_of, start_ns, end_ns, false);
    return;
  }
  const TimeRange& times = as_of.times;
  if (times.last_ns < start_ns || times.first_ns >= end_ns) {
    return;
  }
  const bool is_whole = start_ns <= times.first_ns && end_ns > times.last_ns;
  if (is_whole) {
    AddPiece(as_of, kEver, kForever, true);
    pieces_.back().is_settled = !is_newest;
    return;
  }
  const std::int64_t first_hour = start_ns <= times.first_ns ? kEver : HourAfter(start_ns);
  const std::int64_t last_hour = end_ns > times.last_ns ? kForever : HourBefore(end_ns);
  if (first_hour >= last_hour) {
    AddPiece(as_of, start_ns, end_ns, false);
    return;
  }
  AddPiece(as_of, first_hour, last_hour, true);
  if (first_hour != kEver && start_ns < first_hour) {
    AddPiece(as_of, start_ns, first_hour, false);
  }
  if (last_hour != kForever && last_hour < end_ns) {
    AddPiece(as_of, last_hour, end_ns, false);
  }
}

void FactPieces::AddPiece(const DayAsOf& as_of, std::int64_t start_ns, std::int64_t end_ns,
                          bool is_kept) {
  std::string key;
  if (is_kept) {
    key = fmt::format("{} {}..{} ", as_of.day->number(), start_ns, end_ns) + name_;
  }
  pieces_.push_back({.span = {.day = as_of.day, .start_ns = start_ns, .end_ns = end_ns},
                     .key = std::move(key),
                     .cut_number = as_of.cut_number});
}

void FactPieces::FindSettled() {
  std::size_t count = 0;
  std::string name;
  for (const Piece& piece : pieces_) {
    if (piece.is_settled) {
      name += fmt::format("{}#{} ", piece.span.day->number(), piece.cut_number);
      ++count;
    }
  }
  if (count < kLeastSettled) {
    return;
  }
  settled_name_ = name + name_;
  settled_ = cache_->Find(settled_name_);
}

void FactPieces::AppendTasks(std::vector<FactTask>& tasks) const {
  for (const Piece& piece : pieces_) {
    if (piece.answer == nullptr && !(piece.is_settled && settled_ != nullptr)) {
      tasks.push_back({.query = &query_, .span = piece.span, .groups = {}});
    }
  }
}

base::Result<std::vector<FactTask>::iterator> FactPieces::TakeAnswers(
    std::vector<FactTask>::iterator task, const std::map<std::int32_t, std::int64_t>& rows) {
  for (Piece& piece : pieces_) {
    if (piece.answer != nullptr || (piece.is_settled && settled_ != nullptr)) {
      continue;
    }
    FactCache::Entry entry{.cut_number = piece.cut_number,
                           .rows = rows.at(piece.span.day->number()),
                           .groups = std::move(task->groups)};
    ++task;
    if (piece.kept != nullptr) {
      FactGroups sum(query_);
      TRY(sum.Add(piece.kept->groups));
      TRY(sum.Add(entry.groups));
      entry.groups = sum.TakeAll();
      KeepLargest(query_, entry.groups);
    }
    piece.answer = std::make_shared<const FactCache::Entry>(std::move(entry));
    const bool is_large = piece.answer->groups.size() > kMostGroupsOfSettled;
    const bool is_in_sum = piece.is_settled && !settled_name_.empty();
    if (!piece.key.empty() && !(is_large && is_in_sum)) {
      cache_->Put(piece.key, piece.answer);
    }
  }
  return task;
}

base::Result<void> FactPieces::AddTo(FactGroups& answer) const {
  FactCache::EntryPtr settled = settled_;
  if (settled == nullptr && !settled_name_.empty()) {
    FactGroups sum(query_);
    for (const Piece& piece : pieces_) {
      if (piece.is_settled) {
        TRY(sum.Add(piece.answer->groups));
      }
    }
    FactCache::Entry entry;
    entry.groups = sum.TakeAll();
    KeepLargest(query_, entry.groups);
    settled = std::make_shared<const FactCache::Entry>(std::move(entry));
    cache_->Put(settled_name_, settled);
  }
  if (settled != nullptr) {
    TRY(answer.Add(settled->groups));
  }
  for (const Piece& piece : pieces_) {
    if (piece.answer != nullptr && !(piece.is_settled && settled != nullptr)) {
      TRY(answer.Add(piece.answer->groups));
    }
  }
  return {};
}

}  // namespace sightline::store::embedded
