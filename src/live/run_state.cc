// SPDX-License-Identifier: Apache-2.0
#include "live/run_state.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/utf8.h"
#include "model/outcome.h"
#include "model/run_labels.h"
#include "model/saturating.h"

namespace sightline::live {
namespace {

// "provider/model"; "" for a span that is not a model call.
std::string ModelLabel(const model::Span& span) {
  if (!model::IsModelCall(span.kind) || span.model().empty()) {
    return {};
  }
  std::string label(span.provider);
  label += '/';
  label += span.model();
  return label;
}

}  // namespace

RunSummary SummaryOf(const model::RunRecord& record) {
  return {.trace_id = record.trace_id,
          .execution_id = record.execution_id(),
          .workflow_id = record.workflow_id,
          .workflow_name = record.workflow_name,
          .agent = record.agent,
          .status = record.status,
          .start_ns = record.start_ns,
          .end_ns = record.ended_ns(),
          .error_message = record.error_message,
          .step_count = record.step_count,
          .failed_steps = record.failed_steps,
          .open_steps = record.open_steps,
          .last_received_ns = record.received_ns,
          .is_demo = record.is_demo,
          .has_root = record.has_root};
}

RunState::RunState(const model::TraceId& trace_id, std::size_t max_spans)
    : trace_id_(trace_id), max_spans_(max_spans) {}

RunState::Added RunState::Add(const model::Span& span) {
  const std::string label = ModelLabel(span);
  const std::string workflow_id = model::WorkflowIdOf(span);
  const std::string tags = model::TagSetOf(span);
  const std::string prompts = model::PromptSetOf(span);
  return Put(
      {.facts = model::RunSpanOf(span),
       .texts = {span.display_name.empty() ? span.name : span.display_name,
                 span.agent_name.empty() ? span.agent_id : span.agent_name, label, span.service,
                 workflow_id, span.workflow_name, span.run_id, span.error_message, span.error_type,
                 span.session_id, span.user_id, span.request_model, span.response_model,
                 span.release, span.environment, tags, prompts}});
}

void RunState::Reserve(std::size_t more) {
  const std::size_t wanted = std::min(facts_.size() + more, max_spans_);
  if (wanted > facts_.capacity()) {
    const std::size_t capacity = std::max(wanted, 2 * facts_.capacity());
    facts_.reserve(capacity);
    span_texts_.reserve(capacity);
  }
}

RunState::Row RunState::RowOf(std::size_t row) const {
  const auto numbers = std::bit_cast<std::array<std::uint32_t, kTexts>>(span_texts_[row]);
  Row known{.facts = facts_[row], .texts = {}};
  for (std::size_t i = 0; i < kTexts; ++i) {
    known.texts[i] = texts_.at(numbers[i]);
  }
  return known;
}

// The rule of trace views. Of two rows that it does not tell apart, the one that tells more is
// kept, or any of the two, but always the same one.
bool RunState::Replaces(const Row& row, const Row& known) {
  if (row.facts.is_placeholder() != known.facts.is_placeholder()) {
    return known.facts.is_placeholder();
  }
  if (row.facts.end_ns != known.facts.end_ns) {
    return row.facts.end_ns > known.facts.end_ns;
  }
  const auto weigh = [](const Row& one) {
    std::uint64_t known_texts = 0;
    std::uint64_t hash = 0;
    for (const std::string_view text : one.texts) {
      const std::string_view cut = base::TruncateUtf8(text, TextTable::kMaxBytes);
      known_texts += cut.empty() ? 0U : 1U;
      hash = base::HashBytes64(cut, hash);
    }
    const model::RunSpan& span = one.facts;
    for (const std::uint64_t part : {span.parent_span_id.word(),
                                     static_cast<std::uint64_t>(span.start_ns),
                                     static_cast<std::uint64_t>(span.time_to_first_token_ns),
                                     static_cast<std::uint64_t>(span.kind),
                                     static_cast<std::uint64_t>(span.outcome),
                                     static_cast<std::uint64_t>(span.cost_status),
                                     std::uint64_t{span.has_error},
                                     std::uint64_t{span.marks},
                                     static_cast<std::uint64_t>(span.usage.input_total),
                                     static_cast<std::uint64_t>(span.usage.cache_read),
                                     static_cast<std::uint64_t>(span.usage.cache_write),
                                     static_cast<std::uint64_t>(span.usage.output_total),
                                     static_cast<std::uint64_t>(span.usage.reasoning),
                                     static_cast<std::uint64_t>(span.usage.audio_in),
                                     static_cast<std::uint64_t>(span.usage.audio_out),
                                     static_cast<std::uint64_t>(span.usage.total),
                                     static_cast<std::uint64_t>(span.cost.picodollars),
                                     span.response_id,
                                     span.tool_call_id,
                                     span.session_and_run,
                                     span.request_model,
                                     span.model,
                                     span.tool,
                                     span.arguments_hash}) {
      hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
      hash ^= hash >> 29U;
    }
    return std::pair(known_texts, hash);
  };
  return weigh(row) > weigh(known);
}

std::size_t RunState::FindRow(const model::SpanId& span_id) const {
  if (!index_.empty()) {
    const auto it = index_.find(span_id);
    return it == index_.end() ? kNone : it->second;
  }
  // The last one is asked for most.
  for (std::size_t row = facts_.size(); row > 0; --row) {
    if (facts_[row - 1].span_id == span_id) {
      return row - 1;
    }
  }
  return kNone;
}

void RunState::IndexRows() {
  for (std::size_t row = index_.size(); row < facts_.size(); ++row) {
    index_.emplace(facts_[row].span_id, static_cast<std::uint32_t>(row));
  }
}

void RunState::SetRow(std::size_t at, const Row& row) {
  // Spans that follow each other share most texts.
  std::array<std::uint32_t, kTexts> numbers{};
  if (at != 0) {
    numbers = std::bit_cast<std::array<std::uint32_t, kTexts>>(span_texts_[at - 1]);
  }
  for (std::size_t i = 0; i < kTexts; ++i) {
    numbers[i] = texts_.Add(row.texts[i], numbers[i]);
  }
  facts_[at] = row.facts;
  span_texts_[at] = std::bit_cast<Texts>(numbers);
}

RunState::Added RunState::Put(const Row& row) {
  const std::size_t known = FindRow(row.facts.span_id);
  if (known != kNone) {
    if (Replaces(row, RowOf(known))) {
      SetRow(known, row);
    } else if (row.facts.is_placeholder() && !facts_[known].is_placeholder()) {
      return Added::kAfterEnd;
    }
    return Added::kKnown;
  }
  if (facts_.size() >= max_spans_) {
    return PutOverLimit(row);
  }
  facts_.emplace_back();
  span_texts_.emplace_back();
  SetRow(facts_.size() - 1, row);
  if (facts_.size() > kFewRows) {
    IndexRows();
  }
  return Added::kNew;
}

// Low ranks stay when a run has too many spans.
std::uint64_t RunState::RankOf(const model::RunSpan& span) {
  constexpr std::uint64_t kNotARoot = std::uint64_t{1} << 63U;
  const std::uint64_t place = base::HashBytes64(span.span_id.view()) >> 1U;
  return span.is_root() ? place : place | kNotARoot;
}

// Which spans stay depends on their ids alone, so that the same ones stay when the run is read
// again.
RunState::Added RunState::PutOverLimit(const Row& row) {
  if (by_rank_.empty()) {
    for (std::size_t at = 0; at < facts_.size(); ++at) {
      by_rank_.emplace(RankOf(facts_[at]), at);
    }
  }
  const std::uint64_t rank = RankOf(row.facts);
  if (by_rank_.empty() || rank >= by_rank_.top().first) {
    return Added::kOverLimit;
  }
  const std::size_t at = by_rank_.top().second;
  by_rank_.pop();
  by_rank_.emplace(rank, at);
  if (!index_.empty()) {
    index_.erase(facts_[at].span_id);
    index_.emplace(row.facts.span_id, static_cast<std::uint32_t>(at));
  }
  SetRow(at, row);
  return Added::kOverLimit;
}

void RunState::Absorb(const RunState& other) {
  for (std::size_t row = 0; row < other.facts_.size(); ++row) {
    Put(other.RowOf(row));
  }
  Seen(other.received_ns_, other.position_);
}

void RunState::Seen(std::int64_t received_ns, std::uint64_t position) {
  received_ns_ = std::max(received_ns_, received_ns);
  position_ = std::max(position_, position);
}

std::size_t RunState::bytes() const {
  constexpr std::size_t kIndexBytes = 24;
  constexpr std::size_t kShapeBytes = 2 * sizeof(std::size_t) + 2;
  constexpr std::size_t kEntryBytes = 240;  // Sketches and names besides.
  return sizeof(RunState) +
         facts_.capacity() * (sizeof(model::RunSpan) + sizeof(Texts) + kShapeBytes) +
         index_.size() * kIndexBytes + texts_.bytes() +
         counted_.entries.size() * (sizeof(model::RollupEntry) + kEntryBytes);
}

void RunState::Refresh(bool is_recent) {
  shape_ = model::ShapeRun(facts_, is_recent);
  counted_ = {};
  totals_ = {};
  if (shape_.root == model::RunShape::kNone) {
    return;
  }
  for (std::size_t i = 0; i < shape_.kept.size(); ++i) {
    if (shape_.counts_usage[i]) {
      totals_.Add(facts_[shape_.kept[i]]);
    }
  }
  Summarize();
  Contribute();
}

void RunState::Summarize() {
  const std::size_t root = shape_.kept[shape_.root];
  const Texts& root_texts = span_texts_[root];
  auto record = std::make_shared<model::RunRecord>();
  record->trace_id = trace_id_;
  record->position = position_;
  record->received_ns = received_ns_;
  record->start_ns = facts_[shape_.kept.front()].start_ns;
  record->status = shape_.status;
  record->has_root = facts_[root].is_root();
  record->name = texts_.at(root_texts.name);
  record->workflow_id = texts_.at(root_texts.workflow_id);
  record->workflow_name = texts_.at(root_texts.workflow_name);
  record->service = texts_.at(root_texts.service);
  record->error_type = texts_.at(root_texts.error_type);
  record->error_message = texts_.at(root_texts.error);
  record->model_calls = static_cast<std::uint32_t>(totals_.model_calls);
  record->usage = totals_.usage;
  record->cost = {.picodollars = totals_.cost_picodollars};
  record->cost_status = totals_.cost_status;
  CountSpans(*record);
  NameAll(*record);
  record_ = std::move(record);
}

void RunState::CountSpans(model::RunRecord& record) const {
  std::int64_t end_ns = facts_[shape_.kept[shape_.root]].end_ns;
  for (const std::size_t row : shape_.kept) {
    const model::RunSpan& span = facts_[row];
    end_ns = std::max(end_ns, span.end_ns);
    record.is_demo = record.is_demo || span.has_mark(model::Mark::kDemo);
    if (span.is_placeholder()) {
      const bool is_open = span.is_step() && shape_.status == model::RunStatus::kRunning;
      record.open_steps += is_open ? 1U : 0U;
      continue;
    }
    ++record.span_count;
    record.error_count += span.has_error ? 1U : 0U;
    if (span.is_step()) {
      ++record.step_count;
      record.failed_steps += span.has_error ? 1U : 0U;
    }
    const bool is_tool_call =
        span.kind == model::SpanKind::kTool && !span.has_mark(model::Mark::kNotACall);
    record.tool_calls += is_tool_call ? 1U : 0U;
  }
  record.end_ns = end_ns;
}

void RunState::NameAll(model::RunRecord& record) const {
  const Texts& root = span_texts_[shape_.kept[shape_.root]];
  std::uint32_t agent = root.agent;
  std::uint32_t run_id = root.run_id;
  std::uint32_t session = root.session;
  std::uint32_t user = root.user;
  std::uint32_t version = root.version;
  std::uint32_t environment = root.environment;
  std::uint32_t tags = root.tags;
  std::uint32_t prompts = 0;
  model::AddTags(texts_.at(tags), record.tags);
  std::vector<bool> is_listed[3];
  const auto list = [&](std::vector<std::string>& names, std::size_t kind, std::uint32_t number) {
    if (number == 0 || names.size() >= model::RunRecord::kMaxNames) {
      return;
    }
    std::vector<bool>& listed = is_listed[kind];
    if (listed.size() <= number) {
      listed.resize(number + 1, false);
    }
    if (!listed[number]) {
      listed[number] = true;
      names.emplace_back(texts_.at(number));
    }
  };
  for (const std::size_t row : shape_.kept) {
    const Texts& texts = span_texts_[row];
    agent = agent != 0 ? agent : texts.agent;
    run_id = run_id != 0 ? run_id : texts.run_id;
    session = session != 0 ? session : texts.session;
    user = user != 0 ? user : texts.user;
    version = version != 0 ? version : texts.version;
    environment = environment != 0 ? environment : texts.environment;
    // Spans that follow each other mostly have the same ones.
    if (texts.tags != tags && texts.tags != 0) {
      tags = texts.tags;
      model::AddTags(texts_.at(tags), record.tags);
    }
    if (texts.prompts != prompts && texts.prompts != 0) {
      prompts = texts.prompts;
      model::AddPrompts(texts_.at(prompts), record.prompt_versions);
    }
    list(record.agents, 0, texts.agent);
    list(record.models, 1, texts.request_model);
    list(record.models, 1, texts.response_model);
    list(record.services, 2, texts.service);
  }
  record.agent = texts_.at(agent);
  record.run_id = texts_.at(run_id);
  record.session_id = texts_.at(session);
  record.user_id = texts_.at(user);
  record.version = texts_.at(version);
  record.environment = texts_.at(environment);
  for (std::vector<std::string>* names :
       {&record.agents, &record.models, &record.services, &record.tags, &record.prompt_versions}) {
    names->shrink_to_fit();
  }
}

StepFacts RunState::FactsOfRow(std::size_t row) const {
  const model::RunSpan& span = facts_[row];
  return {.span_id = span.span_id,
          .step_name = texts_.at(span_texts_[row].name),
          .kind = span.kind,
          .start_ns = span.start_ns,
          .end_ns = span.is_placeholder() ? 0 : std::max(span.end_ns, span.start_ns),
          .arguments_hash = span.arguments_hash,
          .tool_call_id = span.tool_call_id};
}

StepFacts RunState::FactsOf(const model::SpanId& span_id) const {
  const std::size_t row = FindRow(span_id);
  return row == kNone ? StepFacts{.span_id = span_id} : FactsOfRow(row);
}

RunFacts RunState::Facts() const {
  const model::Usage& usage = totals_.usage;
  const bool has_price = totals_.cost_status == model::CostStatus::kPriced ||
                         totals_.cost_status == model::CostStatus::kReported;
  return {.workflow = record_->workflow_id,
          .start_ns = record_->start_ns,
          .last_seen_ns = received_ns_,
          .has_root = record_->has_root,
          .is_over = record_->status != model::RunStatus::kRunning,
          .tokens = usage.input_total == model::Usage::kUnknown
                        ? RunFacts::kUnknown
                        : model::SaturatingAdd(usage.input_total,
                                               std::max<std::int64_t>(0, usage.output_total)),
          .cost_picodollars = has_price ? totals_.cost_picodollars : RunFacts::kUnknown};
}

RunSnapshot RunState::Snapshot() const {
  RunSnapshot snapshot{.summary = summary()};
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
         .status = model::StepStatus(!span.is_placeholder(), span.outcome, snapshot.summary.status),
         .start_ns = span.start_ns,
         .end_ns = span.is_placeholder() ? 0 : span.end_ns,
         .error_message = std::string(texts_.at(texts.error))});
  }
  return snapshot;
}

}  // namespace sightline::live
