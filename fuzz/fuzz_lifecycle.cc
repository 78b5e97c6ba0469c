// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/arena.h"
#include "base/check.h"
#include "base/loss.h"
#include "ingest/lifecycle_json.h"
#include "ingest/lifecycle_parse.h"
#include "ingest/lifecycle_request.h"
#include "ingest/lifecycle_state.h"
#include "otlp/request.h"

namespace {

using namespace sightline::ingest;  // NOLINT(google-build-using-namespace): a fuzzer is one file.
using Verdict = EventVerdict;

// What the normaliser relies on.
void CheckRequest(const sightline::otlp::Request& request) {
  for (const auto& span : request.spans) {
    CHECK(span.trace_id.size() == 16 && span.span_id.size() == 8);
    CHECK(span.parent_span_id.empty() || span.parent_span_id.size() == 8);
    CHECK(!span.name.empty());
    CHECK(span.attributes.begin + span.attributes.count <= request.attributes.size());
  }
  for (const auto& log : request.logs) {
    CHECK(log.trace_id.size() == 16 && log.span_id.size() == 8);
    CHECK(log.attributes.begin + log.attributes.count <= request.attributes.size());
  }
}

std::vector<LifecycleEvent> Parse(EventFormat format, std::string_view body,
                                  sightline::base::Arena& arena) {
  std::vector<LifecycleEvent> events;
  const auto items = SplitEvents(format, body, 1000);
  if (!items.has_value()) {
    return events;
  }
  for (const std::string_view item : *items) {
    auto parsed = ParseEvent(item, 1'772'366'400'000'000'000, arena);
    if (auto* event = std::get_if<LifecycleEvent>(&parsed)) {
      CHECK(!event->execution_id.empty() && event->execution_id.size() <= kMaxEventIdBytes);
      CHECK(event->time_ns >= 0);
      events.push_back(std::move(*event));
    } else {
      CHECK(!std::get<EventFault>(parsed).detail.empty());
    }
  }
  return events;
}

void CheckPacking(const LifecycleStart& start) {
  const auto attributes = UnpackAttributes(start.attributes);
  CHECK(PackAttributes(attributes) == start.attributes);
}

// One request: what is new becomes OTLP. Returns how many events are not new.
std::size_t Take(const std::vector<LifecycleEvent>& events, LifecycleState& state,
                 LifecycleState::Ending ending) {
  std::vector<LoadedRun> loaded;
  for (const auto& id : state.UnknownRuns(events)) {
    loaded.push_back({.trace_id = id, .rows = nullptr, .bodies = {}});
  }
  const auto transaction = state.Begin(events, loaded);
  CHECK(transaction.has_value());  // Nothing is in flight.
  sightline::base::Arena arena;
  sightline::otlp::Request request;
  WriteRequest(events, transaction->decisions, arena, request);
  CheckRequest(request);
  std::size_t not_new = 0;
  for (const EventDecision& decision : transaction->decisions) {
    not_new += decision.verdict == Verdict::kStore ? 0 : 1;
    if (decision.start != nullptr) {
      CheckPacking(*decision.start);
    }
  }
  CHECK(request.spans.size() + request.logs.size() + not_new == events.size());
  state.End(*transaction, ending);
  return not_new;
}

}  // namespace

// The first byte picks the format and whether storing fails, the rest is the body of one request,
// which is sent twice.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const auto format = (data[0] & 1U) != 0 ? EventFormat::kLines : EventFormat::kJson;
  const auto ending =
      (data[0] & 2U) != 0 ? LifecycleState::Ending::kFailed : LifecycleState::Ending::kDurable;
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  sightline::base::Arena arena;
  const std::vector<LifecycleEvent> events = Parse(format, body, arena);
  sightline::base::LossTable losses;
  LifecycleState state({}, losses);
  const std::size_t not_new = Take(events, state, ending);
  const std::size_t not_new_again = Take(events, state, LifecycleState::Ending::kDurable);
  if (ending == LifecycleState::Ending::kDurable) {
    CHECK(not_new_again == events.size());
    CHECK(state.size().items <= events.size());
  } else {
    CHECK(not_new_again == not_new);  // As if it had never come.
  }
  return 0;
}
