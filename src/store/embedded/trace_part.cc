// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/trace_part.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include "model/run_span.h"

namespace sightline::store::embedded {
namespace {

void AddToSet(std::string& set, std::string_view text) {
  if (text.empty()) {
    return;
  }
  if (set.empty()) {
    set.push_back(kSetSeparator);
  }
  std::string needle;
  needle.reserve(text.size() + 2);
  needle.push_back(kSetSeparator);
  needle.append(text);
  needle.push_back(kSetSeparator);
  if (set.find(needle) == std::string::npos) {
    set.append(std::string_view(needle).substr(1));
  }
}

void MergeSets(std::string& into, std::string_view other) {
  std::size_t begin = 1;
  while (begin < other.size()) {
    const std::size_t end = other.find(kSetSeparator, begin);
    AddToSet(into, other.substr(begin, end - begin));
    begin = end + 1;
  }
}

void FillIfEmpty(std::string& into, std::string_view text) {
  if (into.empty()) {
    into = text;
  }
}

// True when `rank`, `start_ns` describe a better root than the part has.
bool IsBetterRoot(const TracePart& part, std::uint8_t rank, std::int64_t start_ns) {
  return rank != part.root_rank ? rank > part.root_rank : start_ns < part.root_start_ns;
}

TracePart PartOf(const model::Span& span, std::int64_t received_ns) {
  TracePart part;
  part.trace_id = span.trace_id;
  part.start_ns = span.start_ns;
  part.end_ns = span.start_ns;
  part.received_ns = received_ns;
  part.root_rank = model::RootRankOf(span);
  part.root_start_ns = span.start_ns;
  part.root_outcome = model::OutcomeOf(span);
  part.workflow_id = model::WorkflowIdOf(span);
  return part;
}

// Where the run belongs.
void Describe(TracePart& part, const model::Span& span) {
  part.start_ns = std::min(part.start_ns, span.start_ns);
  if (IsBetterRoot(part, model::RootRankOf(span), span.start_ns)) {
    part.root_rank = model::RootRankOf(span);
    part.root_start_ns = span.start_ns;
    part.root_outcome = model::OutcomeOf(span);
    part.workflow_id = model::WorkflowIdOf(span);
  }
  FillIfEmpty(part.run_id, span.run_id);
  FillIfEmpty(part.session_id, span.session_id);
  FillIfEmpty(part.user_id, span.user_id);
  AddToSet(part.agents, span.agent_name);
  AddToSet(part.models, span.request_model);
  AddToSet(part.models, span.response_model);
  AddToSet(part.services, span.service);
  part.is_demo = part.is_demo || span.has_mark(model::Mark::kDemo);
}

void CountSpan(TracePart& part, const model::Span& span) {
  const bool is_step = model::IsStep(span.kind) && !span.has_mark(model::Mark::kIsLogLike);
  ++part.span_count;
  part.step_count += is_step ? 1U : 0U;
  part.error_count += span.has_error ? 1U : 0U;
  part.failed_steps += is_step && span.has_error ? 1U : 0U;
  part.end_ns = std::max(part.end_ns, span.end_ns);
}

}  // namespace

std::vector<TracePart> SummarizeParts(const model::Batch& batch) {
  std::vector<TracePart> parts;
  std::unordered_map<model::TraceId, std::size_t, model::TraceIdHasher> index;
  const auto part_of = [&](const model::Span& span) -> TracePart& {
    const auto [it, is_new] = index.try_emplace(span.trace_id, parts.size());
    if (is_new) {
      parts.push_back(PartOf(span, batch.received_ns));
    }
    return parts[it->second];
  };
  for (const model::Span& span : batch.spans) {
    TracePart& part = part_of(span);
    Describe(part, span);
    CountSpan(part, span);
  }
  for (const model::Span& span : batch.pending) {
    Describe(part_of(span), span);
  }
  return parts;
}

void MergePart(TracePart& into, const TracePart& other) {
  into.span_count += other.span_count;
  into.step_count += other.step_count;
  into.error_count += other.error_count;
  into.failed_steps += other.failed_steps;
  into.start_ns = std::min(into.start_ns, other.start_ns);
  into.end_ns = std::max(into.end_ns, other.end_ns);
  into.received_ns = std::max(into.received_ns, other.received_ns);
  if (IsBetterRoot(into, other.root_rank, other.root_start_ns)) {
    into.root_rank = other.root_rank;
    into.root_start_ns = other.root_start_ns;
    into.root_outcome = other.root_outcome;
    into.workflow_id = other.workflow_id;
  }
  FillIfEmpty(into.run_id, other.run_id);
  FillIfEmpty(into.session_id, other.session_id);
  FillIfEmpty(into.user_id, other.user_id);
  MergeSets(into.agents, other.agents);
  MergeSets(into.models, other.models);
  MergeSets(into.services, other.services);
  into.is_demo = into.is_demo || other.is_demo;
}

}  // namespace sightline::store::embedded
