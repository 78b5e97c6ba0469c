// SPDX-License-Identifier: Apache-2.0
#include "live/run_state.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "model/outcome.h"

namespace sightline::live {
namespace {

constexpr std::int64_t kNsPerMinute = 60'000'000'000;

std::int64_t MinuteOf(std::int64_t time_ns) {
  return time_ns >= 0 ? time_ns / kNsPerMinute : (time_ns - kNsPerMinute + 1) / kNsPerMinute;
}

std::int64_t Known(std::int64_t count) {
  return std::max<std::int64_t>(0, count);
}

// "provider/model"; "" for what is no model call.
std::string ModelLabel(const model::Span& span) {
  if (!model::IsModelCall(span.kind) || span.model().empty()) {
    return {};
  }
  std::string label(span.provider);
  label += '/';
  label += span.model();
  return label;
}

void AddUsage(const model::RunSpan& span, model::RollupCounts& counts) {
  counts.input_tokens += Known(span.usage.input_total);
  counts.cache_read_tokens += Known(span.usage.cache_read);
  counts.cache_write_tokens += Known(span.usage.cache_write);
  counts.output_tokens += Known(span.usage.output_total);
  counts.reasoning_tokens += Known(span.usage.reasoning);
  counts.cost_picodollars += span.has_cost() ? span.cost.picodollars : 0;
  counts.unpriced_calls += span.cost_status == model::CostStatus::kUnpriced ? 1 : 0;
}

}  // namespace

RunState::RunState(const model::TraceId& trace_id) {
  summary_.trace_id = trace_id;
}

RunState::Texts RunState::TextsOf(const model::Span& span) {
  return {.name = texts_.Add(span.display_name.empty() ? span.name : span.display_name),
          .agent = texts_.Add(span.agent_name.empty() ? span.agent_id : span.agent_name),
          .model = texts_.Add(ModelLabel(span)),
          .service = texts_.Add(span.service),
          .workflow_id = texts_.Add(model::WorkflowIdOf(span)),
          .workflow_name = texts_.Add(span.workflow_name),
          .run_id = texts_.Add(span.run_id),
          .error = texts_.Add(span.error_message)};
}

void RunState::Put(const model::Span& span) {
  const auto [it, is_new] =
      index_.try_emplace(span.span_id, static_cast<std::uint32_t>(facts_.size()));
  if (is_new) {
    facts_.push_back(model::RunSpanOf(span));
    span_texts_.push_back(TextsOf(span));
  } else {
    facts_[it->second] = model::RunSpanOf(span);
    span_texts_[it->second] = TextsOf(span);
  }
}

void RunState::AddSpan(const model::Span& span) {
  const auto it = index_.find(span.span_id);
  if (it != index_.end()) {
    const model::RunSpan& known = facts_[it->second];
    // The rule of trace views: the latest end wins. A log event never hides a span of the same id.
    if (!known.is_placeholder() && span.end_ns <= known.end_ns) {
      return;
    }
  }
  Put(span);
}

bool RunState::AddPending(const model::Span& span) {
  const auto it = index_.find(span.span_id);
  if (it != index_.end() && !facts_[it->second].is_placeholder()) {
    return false;
  }
  Put(span);
  return true;
}

void RunState::Seen(std::int64_t received_ns, std::uint64_t position) {
  received_ns_ = std::max(received_ns_, received_ns);
  position_ = std::max(position_, position);
}

void RunState::Refresh(bool is_recent) {
  shape_ = model::ShapeRun(facts_, is_recent);
  Summarize();
  Contribute();
}

void RunState::Summarize() {
  if (shape_.root == model::RunShape::kNone) {
    return;
  }
  const std::size_t root = shape_.kept[shape_.root];
  const Texts& root_texts = span_texts_[root];
  summary_.status = shape_.status;
  summary_.has_root = facts_[root].is_root();
  summary_.workflow_id = texts_.at(root_texts.workflow_id);
  summary_.workflow_name = texts_.at(root_texts.workflow_name);
  summary_.error_message = texts_.at(root_texts.error);
  summary_.start_ns = facts_[shape_.kept.front()].start_ns;
  summary_.last_received_ns = received_ns_;
  summary_.step_count = summary_.failed_steps = summary_.open_steps = 0;
  std::uint32_t agent = root_texts.agent;
  std::uint32_t run_id = root_texts.run_id;
  std::int64_t end_ns = facts_[root].end_ns;
  for (const std::size_t row : shape_.kept) {
    const model::RunSpan& span = facts_[row];
    end_ns = std::max(end_ns, span.end_ns);
    agent = agent != 0 ? agent : span_texts_[row].agent;
    run_id = run_id != 0 ? run_id : span_texts_[row].run_id;
    summary_.is_demo = summary_.is_demo || span.has_mark(model::Mark::kDemo);
    if (!span.is_step()) {
      continue;
    }
    if (span.is_placeholder()) {
      summary_.open_steps += shape_.status == model::RunStatus::kRunning ? 1U : 0U;
    } else {
      ++summary_.step_count;
      summary_.failed_steps += span.has_error ? 1U : 0U;
    }
  }
  summary_.end_ns = shape_.status == model::RunStatus::kRunning ? 0 : end_ns;
  summary_.agent = texts_.at(agent);
  summary_.execution_id = run_id == 0 ? summary_.trace_id.ToHex() : std::string(texts_.at(run_id));
}

// The agent of each kept span: its own, else that of the nearest span above it that has one.
std::vector<std::uint32_t> RunState::AgentOfEach() const {
  constexpr auto kNotKnown = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> agents(shape_.kept.size(), kNotKnown);
  std::vector<std::size_t> path;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    path.clear();
    std::uint32_t agent = 0;
    for (std::size_t at = i; at != model::RunShape::kNone; at = shape_.parents[at]) {
      if (agents[at] != kNotKnown) {
        agent = agents[at];
        break;
      }
      path.push_back(at);
      if (const std::uint32_t own = span_texts_[shape_.kept[at]].agent; own != 0) {
        agent = own;
        break;
      }
    }
    for (const std::size_t at : path) {
      agents[at] = agent;
    }
  }
  return agents;
}

model::RollupEntry& RunState::Entry(std::int64_t time_ns, std::uint32_t agent, std::uint32_t model,
                                    std::uint32_t service) {
  const std::int64_t minute = MinuteOf(time_ns);
  // Newest first: steps come in order of time, and few differ within a minute.
  for (auto entry = contribution_.rbegin(); entry != contribution_.rend(); ++entry) {
    if (entry->minute == minute && entry->key.agent == texts_.at(agent) &&
        entry->key.model == texts_.at(model) && entry->key.service == texts_.at(service)) {
      return *entry;
    }
    if (entry->minute < minute) {
      break;
    }
  }
  contribution_.push_back({.minute = minute,
                           .key = {.workflow = summary_.workflow_id,
                                   .agent = std::string(texts_.at(agent)),
                                   .model = std::string(texts_.at(model)),
                                   .service = std::string(texts_.at(service))}});
  return contribution_.back();
}

void RunState::ContributeStep(std::size_t row, std::uint32_t agent, bool counts_usage) {
  const model::RunSpan& span = facts_[row];
  model::RollupEntry& entry =
      Entry(span.end_ns, agent, span_texts_[row].model, span_texts_[row].service);
  if (span.is_step()) {
    ++entry.counts.steps;
    entry.counts.failed_steps += span.has_error ? 1 : 0;
    entry.step_latency.Add(Known(span.end_ns - span.start_ns));
  }
  if (model::IsModelCall(span.kind) && !span.has_mark(model::Mark::kNotACall)) {
    // A call that another span tells as well is counted there.
    const bool is_told_elsewhere = span.has_usage() && !counts_usage;
    entry.counts.model_calls += is_told_elsewhere ? 0 : 1;
    entry.counts.failed_model_calls += !is_told_elsewhere && span.has_error ? 1 : 0;
  }
  if (counts_usage) {
    AddUsage(span, entry.counts);
  }
}

void RunState::ContributeRun() {
  const Texts& root = span_texts_[shape_.kept[shape_.root]];
  ++Entry(summary_.start_ns, root.agent, 0, root.service).counts.runs_started;
  if (!model::IsFinal(summary_.status)) {
    return;
  }
  model::RollupEntry& ended = Entry(summary_.end_ns, root.agent, 0, root.service);
  ended.counts.runs_completed += summary_.status == model::RunStatus::kCompleted ? 1 : 0;
  ended.counts.runs_failed += summary_.status == model::RunStatus::kFailed ? 1 : 0;
  ended.counts.runs_cancelled += summary_.status == model::RunStatus::kCancelled ? 1 : 0;
  ended.run_latency.Add(Known(summary_.end_ns - summary_.start_ns));
}

void RunState::Contribute() {
  contribution_.clear();
  if (shape_.root == model::RunShape::kNone) {
    return;
  }
  totals_ = {};
  for (std::size_t i = 0; i < shape_.kept.size(); ++i) {
    if (shape_.counts_usage[i]) {
      totals_.Add(facts_[shape_.kept[i]]);
    }
  }
  const std::vector<std::uint32_t> agents = AgentOfEach();
  std::vector<std::size_t> by_end(shape_.kept.size());
  for (std::size_t i = 0; i < by_end.size(); ++i) {
    by_end[i] = i;
  }
  std::sort(by_end.begin(), by_end.end(), [&](std::size_t a, std::size_t b) {
    return facts_[shape_.kept[a]].end_ns < facts_[shape_.kept[b]].end_ns;
  });
  for (const std::size_t i : by_end) {
    const std::size_t row = shape_.kept[i];
    if (!facts_[row].is_placeholder() && (facts_[row].is_step() || shape_.counts_usage[i])) {
      ContributeStep(row, agents[i], shape_.counts_usage[i]);
    }
  }
  ContributeRun();
}

StepFacts RunState::FactsOf(const model::SpanId& span_id) const {
  const auto it = index_.find(span_id);
  if (it == index_.end()) {
    return {.span_id = span_id};
  }
  const model::RunSpan& span = facts_[it->second];
  return {.span_id = span_id,
          .step_name = texts_.at(span_texts_[it->second].name),
          .kind = span.kind,
          .start_ns = span.start_ns,
          .end_ns = span.is_placeholder() ? 0 : std::max(span.end_ns, span.start_ns),
          .arguments_hash = span.arguments_hash,
          .tool_call_id = span.tool_call_id};
}

RunFacts RunState::Facts() const {
  const model::Usage& usage = totals_.usage;
  const bool has_price = totals_.cost_status == model::CostStatus::kPriced ||
                         totals_.cost_status == model::CostStatus::kReported;
  return {.workflow = summary_.workflow_id,
          .start_ns = summary_.start_ns,
          .last_seen_ns = received_ns_,
          .has_root = summary_.has_root,
          .is_over = summary_.status != model::RunStatus::kRunning,
          .tokens = usage.input_total == model::Usage::kUnknown
                        ? RunFacts::kUnknown
                        : usage.input_total + Known(usage.output_total),
          .cost_picodollars = has_price ? totals_.cost_picodollars : RunFacts::kUnknown};
}

std::vector<std::string_view> RunState::agents() const {
  std::vector<std::uint32_t> numbers;
  for (const Texts& texts : span_texts_) {
    if (texts.agent != 0) {
      numbers.push_back(texts.agent);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::vector<std::string_view> names;
  names.reserve(numbers.size());
  for (const std::uint32_t number : numbers) {
    names.push_back(texts_.at(number));
  }
  return names;
}

RunSnapshot RunState::Snapshot() const {
  RunSnapshot snapshot{.summary = summary_};
  std::vector<std::size_t> steps;
  for (const std::size_t row : shape_.kept) {
    if (facts_[row].is_step()) {
      steps.push_back(row);
    }
  }
  if (steps.size() > RunSnapshot::kMaxSteps) {
    snapshot.skipped_steps = steps.size() - RunSnapshot::kMaxSteps;
    steps.erase(steps.begin(), steps.end() - RunSnapshot::kMaxSteps);
  }
  for (const std::size_t row : steps) {
    const model::RunSpan& span = facts_[row];
    const Texts& texts = span_texts_[row];
    snapshot.steps.push_back(
        {.span_id = span.span_id,
         .parent_span_id = span.parent_span_id,
         .name = std::string(texts_.at(texts.name)),
         .agent = std::string(texts_.at(texts.agent)),
         .kind = span.kind,
         .status = model::StepStatus(!span.is_placeholder(), span.outcome, summary_.status),
         .start_ns = span.start_ns,
         .end_ns = span.is_placeholder() ? 0 : span.end_ns,
         .error_message = std::string(texts_.at(texts.error))});
  }
  return snapshot;
}

}  // namespace sightline::live
