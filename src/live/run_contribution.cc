// SPDX-License-Identifier: Apache-2.0
// What a run adds to totals and rollups.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "live/contribution.h"
#include "live/run_state.h"
#include "model/ancestors.h"
#include "model/name_set.h"
#include "model/saturating.h"

namespace sightline::live {
namespace {

constexpr std::int64_t kNsPerMinute = 60'000'000'000;

std::int64_t MinuteOf(std::int64_t time_ns) {
  return time_ns / kNsPerMinute - (time_ns % kNsPerMinute < 0 ? 1 : 0);
}

void AddKnown(std::int64_t& sum, std::int64_t count) {
  sum = model::SaturatingAdd(sum, std::max<std::int64_t>(0, count));
}

void AddUsage(const model::RunSpan& span, model::RollupCounts& counts) {
  AddKnown(counts.input_tokens, span.usage.input_total);
  AddKnown(counts.cache_read_tokens, span.usage.cache_read);
  AddKnown(counts.cache_write_tokens, span.usage.cache_write);
  AddKnown(counts.output_tokens, span.usage.output_total);
  AddKnown(counts.reasoning_tokens, span.usage.reasoning);
  counts.cost_picodollars =
      model::SaturatingAdd(counts.cost_picodollars, span.has_cost() ? span.cost.picodollars : 0);
  // A call with a part that has no price is not wholly known either.
  counts.unpriced_calls += span.cost_status == model::CostStatus::kUnpriced ||
                                   span.cost_status == model::CostStatus::kPartial
                               ? 1
                               : 0;
}

// Whether another span tells of the same call, which is counted there.
bool IsToldElsewhere(const model::RunSpan& span, bool counts_usage) {
  return (span.has_usage() || span.is_silent_call()) && !counts_usage;
}

}  // namespace

RunCounts CountsOf(const model::RunRecord& record) {
  RunCounts counts;
  counts.of(record.status) = 1;
  counts.open_steps = record.open_steps;
  if (record.status == model::RunStatus::kCompleted) {
    counts.completed_ns = model::DurationNs(record.start_ns, record.end_ns);
  }
  return counts;
}

struct RunState::EntryKey {
  std::int64_t minute = 0;
  std::uint32_t agent = 0;
  std::uint32_t model = 0;
  std::uint32_t service = 0;

  friend bool operator==(const EntryKey&, const EntryKey&) = default;
};

// Where the entry of a key is. Most runs have a few keys, which are looked at one by one.
class RunState::EntryIndex {
 public:
  static constexpr std::size_t kFew = 12;

  std::size_t Find(const EntryKey& key) const {
    if (by_key_.empty()) {
      const auto found = std::find(keys_.begin(), keys_.end(), key);
      return found == keys_.end() ? kNone : static_cast<std::size_t>(found - keys_.begin());
    }
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? kNone : found->second;
  }

  void Add(const EntryKey& key) {
    keys_.push_back(key);
    if (keys_.size() > kFew) {
      for (std::size_t i = by_key_.size(); i < keys_.size(); ++i) {
        by_key_.emplace(keys_[i], i);
      }
    }
  }

 private:
  struct Hasher {
    std::size_t operator()(const EntryKey& key) const {
      std::uint64_t hash = static_cast<std::uint64_t>(key.minute);
      for (const std::uint64_t part :
           {std::uint64_t{key.agent}, std::uint64_t{key.model}, std::uint64_t{key.service}}) {
        hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
        hash ^= hash >> 32U;
      }
      return static_cast<std::size_t>(hash);
    }
  };

  std::vector<EntryKey> keys_;
  std::unordered_map<EntryKey, std::size_t, Hasher> by_key_;
};

// The agent of each kept span: its own, else that of the nearest span above it that has one.
std::vector<std::uint32_t> RunState::AgentOfEach() const {
  const auto own = [&](std::size_t i) { return span_texts_[shape_.kept[i]].agent; };
  const std::vector<std::size_t> tellers = model::NearestAtOrAbove(
      shape_.kept.size(), [&](std::size_t i) { return shape_.parents[i]; },
      [&](std::size_t i) { return own(i) != 0; });
  std::vector<std::uint32_t> agents;
  agents.reserve(tellers.size());
  for (const std::size_t teller : tellers) {
    agents.push_back(teller == model::RunShape::kNone ? 0 : own(teller));
  }
  return agents;
}

model::RollupEntry& RunState::Entry(std::int64_t time_ns, std::uint32_t agent, std::uint32_t model,
                                    std::uint32_t service) {
  const EntryKey key{
      .minute = MinuteOf(time_ns), .agent = agent, .model = model, .service = service};
  const std::size_t found = entry_index_->Find(key);
  if (found != kNone) {
    return counted_.entries[found];
  }
  entry_index_->Add(key);
  counted_.entries.push_back({.minute = key.minute,
                              .key = {.workflow = counted_.workflow_id,
                                      .agent = std::string(texts_.at(agent)),
                                      .model = std::string(texts_.at(model)),
                                      .service = std::string(texts_.at(service))}});
  return counted_.entries.back();
}

void RunState::ContributeStep(std::size_t row, std::uint32_t agent, bool counts_usage) {
  const model::RunSpan& span = facts_[row];
  model::RollupEntry& entry =
      Entry(span.end_ns, agent, span_texts_[row].model, span_texts_[row].service);
  if (span.is_step()) {
    ++entry.counts.steps;
    entry.counts.failed_steps += span.has_error ? 1 : 0;
    entry.step_latency.Add(model::DurationNs(span.start_ns, span.end_ns));
  }
  if (model::IsModelCall(span.kind) && !span.has_mark(model::Mark::kNotACall)) {
    const bool is_told_elsewhere = IsToldElsewhere(span, counts_usage);
    entry.counts.model_calls += is_told_elsewhere ? 0 : 1;
    entry.counts.failed_model_calls += !is_told_elsewhere && span.has_error ? 1 : 0;
  }
  if (counts_usage) {
    AddUsage(span, entry.counts);
  }
}

void RunState::ContributeRun() {
  const Texts& root = span_texts_[shape_.kept[shape_.root]];
  ++Entry(record_->start_ns, root.agent, 0, root.service).counts.runs_started;
  if (!model::IsFinal(record_->status)) {
    return;
  }
  model::RollupEntry& ended = Entry(record_->end_ns, root.agent, 0, root.service);
  ended.counts.runs_completed += record_->status == model::RunStatus::kCompleted ? 1 : 0;
  ended.counts.runs_failed += record_->status == model::RunStatus::kFailed ? 1 : 0;
  ended.counts.runs_cancelled += record_->status == model::RunStatus::kCancelled ? 1 : 0;
  ended.run_latency.Add(model::DurationNs(record_->start_ns, record_->end_ns));
}

void RunState::AppendFacts(int sign, model::FactTable& table) const {
  if (record_ == nullptr) {
    return;
  }
  // Steps share most texts: each is looked up once. 0, which is "", stands for not yet.
  std::vector<std::uint32_t> numbers(texts_.size() + 1);
  const auto number = [&](std::uint32_t text) {
    std::uint32_t& known = numbers[text];
    known = known == 0 ? table.NumberOf(texts_.at(text)) : known;
    return known;
  };
  const std::vector<std::uint32_t> agents = AgentOfEach();
  const std::uint32_t workflow = table.NumberOf(record_->workflow_id);
  model::Fact run{.trace_id = record_->trace_id,
                  .start_ns = record_->start_ns,
                  .duration_ns = model::DurationNs(record_->start_ns, record_->end_ns),
                  .workflow = workflow,
                  .agent = table.NumberOf(record_->agent),
                  .name = table.NumberOf(record_->name),
                  .service = table.NumberOf(record_->service),
                  .error_type = table.NumberOf(record_->error_type),
                  .session = table.NumberOf(record_->session_id),
                  .user = table.NumberOf(record_->user_id),
                  .version = table.NumberOf(record_->version),
                  .environment = table.NumberOf(record_->environment),
                  .tags = table.NumberOf(model::JoinSet(record_->tags)),
                  .prompts = table.NumberOf(model::JoinSet(record_->prompt_versions)),
                  .kind = model::Fact::kRun,
                  .status = static_cast<std::uint8_t>(record_->status),
                  .sign = static_cast<std::int8_t>(sign),
                  .has_failed = record_->status == model::RunStatus::kFailed};
  for (std::size_t i = 0; i < shape_.kept.size(); ++i) {
    const std::size_t row = shape_.kept[i];
    const model::RunSpan& span = facts_[row];
    if (span.is_placeholder() || (!span.is_step() && !shape_.counts_usage[i])) {
      continue;
    }
    const Texts& texts = span_texts_[row];
    const bool is_call = model::IsModelCall(span.kind) && !span.has_mark(model::Mark::kNotACall);
    model::Fact fact{
        .trace_id = record_->trace_id,
        .span_id = span.span_id,
        .start_ns = span.start_ns,
        .duration_ns = model::DurationNs(span.start_ns, span.end_ns),
        .time_to_first_token_ns = span.time_to_first_token_ns,
        .workflow = workflow,
        .agent = number(agents[i]),
        .name = number(texts.name),
        .model = number(texts.model),
        .service = number(texts.service),
        .error_type = number(texts.error_type),
        .session = run.session,
        .user = run.user,
        .version = run.version,
        .environment = run.environment,
        .tags = run.tags,
        .prompts = number(texts.prompts),
        .model_calls = is_call && !IsToldElsewhere(span, shape_.counts_usage[i]) ? 1U : 0U,
        .kind = static_cast<std::uint8_t>(span.kind),
        .status = static_cast<std::uint8_t>(model::StepStatus(true, span.outcome, record_->status)),
        .sign = static_cast<std::int8_t>(sign),
        .has_failed = span.has_error};
    if (shape_.counts_usage[i]) {
      model::RollupCounts counts;
      AddUsage(span, counts);
      fact.input_tokens = counts.input_tokens;
      fact.cache_read_tokens = counts.cache_read_tokens;
      fact.cache_write_tokens = counts.cache_write_tokens;
      fact.output_tokens = counts.output_tokens;
      fact.reasoning_tokens = counts.reasoning_tokens;
      fact.cost_picodollars = counts.cost_picodollars;
      fact.unpriced_calls = counts.unpriced_calls != 0 ? 1U : 0U;
    }
    run.input_tokens = model::SaturatingAdd(run.input_tokens, fact.input_tokens);
    run.cache_read_tokens = model::SaturatingAdd(run.cache_read_tokens, fact.cache_read_tokens);
    run.cache_write_tokens = model::SaturatingAdd(run.cache_write_tokens, fact.cache_write_tokens);
    run.output_tokens = model::SaturatingAdd(run.output_tokens, fact.output_tokens);
    run.reasoning_tokens = model::SaturatingAdd(run.reasoning_tokens, fact.reasoning_tokens);
    run.cost_picodollars = model::SaturatingAdd(run.cost_picodollars, fact.cost_picodollars);
    run.model_calls += fact.model_calls;
    run.unpriced_calls += fact.unpriced_calls;
    table.facts.push_back(fact);
  }
  table.facts.push_back(run);
}

void RunState::Contribute() {
  EntryIndex index;
  entry_index_ = &index;
  counted_.is_empty = false;
  counted_.workflow_id = record_->workflow_id;
  counted_.counts = CountsOf(*record_);
  const std::vector<std::uint32_t> agents = AgentOfEach();
  for (std::size_t i = 0; i < shape_.kept.size(); ++i) {
    const std::size_t row = shape_.kept[i];
    if (!facts_[row].is_placeholder() && (facts_[row].is_step() || shape_.counts_usage[i])) {
      ContributeStep(row, agents[i], shape_.counts_usage[i]);
    }
  }
  ContributeRun();
  entry_index_ = nullptr;
}

}  // namespace sightline::live
