// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_request.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/ascii.h"

namespace sightline::ingest {
namespace {

constexpr std::uint32_t kStatusOk = 1;
constexpr std::uint32_t kStatusError = 2;
constexpr std::uint32_t kInternal = 1;
constexpr std::uint32_t kClient = 3;

struct Level {
  std::string_view name;
  std::uint32_t severity;
};

// Severity numbers of OpenTelemetry.
constexpr auto kLevels = std::to_array<Level>({
    {"trace", 1},
    {"debug", 5},
    {"info", 9},
    {"notice", 10},
    {"warn", 13},
    {"warning", 13},
    {"error", 17},
    {"critical", 21},
    {"fatal", 21},
});

// 0, "unspecified", for words of the platform's own.
std::uint32_t SeverityOf(std::string_view level) {
  constexpr std::uint32_t kInfo = 9;
  const auto it = std::ranges::find_if(
      kLevels, [&](const Level& entry) { return base::EqualsIgnoringCase(entry.name, level); });
  return it != kLevels.end() ? it->severity : level.empty() ? kInfo : 0;
}

std::string_view First(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (!text.empty()) {
      return text;
    }
  }
  return {};
}

otlp::Value Text(std::string_view text) {
  return {.kind = otlp::ValueKind::kString, .bytes = text};
}

class RequestWriter {
 public:
  RequestWriter(base::Arena& arena, otlp::Request& request) : arena_(arena), request_(request) {
    // OpenTelemetry's name for a service that does not say its own.
    request_.attributes.push_back({.key = "service.name", .value = Text("unknown_service")});
    request_.resources.push_back({.attributes = {.begin = 0, .count = 1}, .schema_url = {}});
    request_.scopes.push_back({.name = kLifecycleScope, .version = {}, .attributes = {}});
  }

  void Write(const LifecycleEvent& event, const EventDecision& decision) {
    if (event.type == EventType::kLog) {
      WriteLog(event);
    } else if (IsStart(event.type)) {
      WritePending(event, decision);
    } else {
      WriteSpan(event, decision);
    }
  }

 private:
  template <typename Id>
  std::string_view Bytes(const Id& id) {
    return id.is_zero() ? std::string_view() : arena_.Copy(id.view());
  }

  // The parent of a pending span is the span that has started, whose own parent is in an attribute.
  void WritePending(const LifecycleEvent& event, const EventDecision& decision) {
    constexpr std::string_view kNoParent = "0000000000000000";
    const model::SpanId parent = ParentOf(event);
    BeginAttributes();
    Add("logfire.span_type", Text("pending_span"));
    Add("logfire.pending_parent_id",
        Text(parent.is_zero() ? kNoParent : arena_.Copy(parent.ToHex())));
    AddIdentity(event, decision, KindOf(event));
    AddAll(event.attributes);
    const auto time_ns = static_cast<std::uint64_t>(event.time_ns);
    request_.spans.push_back({.trace_id = Bytes(event.trace_id),
                              .span_id = Bytes(event.item_id),
                              .parent_span_id = Bytes(event.item_id),
                              .name = NameFor(event, nullptr),
                              .kind = kInternal,
                              .start_ns = time_ns,
                              .end_ns = time_ns,
                              .attributes = EndAttributes()});
  }

  void WriteSpan(const LifecycleEvent& event, const EventDecision& decision) {
    const LifecycleStart* start = decision.start.get();
    const bool is_call = event.type == EventType::kLlmCall;
    const LifecycleStart* own = is_call ? nullptr : start;  // That of a call is its step's.
    const model::SpanKind kind = event.kind || own == nullptr ? KindOf(event) : own->kind;
    const auto start_ns = StartOf(event, start, kind);
    BeginAttributes();
    AddIdentity(event, decision, kind);
    if (!start_ns) {
      Add(kStartUnknownKey, {.kind = otlp::ValueKind::kBool, .integer = 1});
    }
    AddErrorType(event);
    AddAll(event.attributes);
    if (own != nullptr) {
      AddMissing(UnpackAttributes(own->attributes));
    }
    const bool has_failed = event.outcome != model::Outcome::kCompleted;
    request_.spans.push_back(
        {.trace_id = Bytes(event.trace_id),
         .span_id = Bytes(event.item_id),
         .parent_span_id = Bytes(ParentFor(event, decision)),
         .name = NameFor(event, own),
         .kind = is_call ? kClient : kInternal,
         .start_ns = static_cast<std::uint64_t>(start_ns.value_or(event.time_ns)),
         .end_ns = static_cast<std::uint64_t>(event.time_ns),
         .attributes = EndAttributes(),
         .status_message = event.error_message,
         .status_code = has_failed ? kStatusError : kStatusOk});
  }

  // The stated duration beats the start, which a clock elsewhere may have taken. A call has the
  // start of its step only if the step is that call, not an agent that makes many.
  static std::optional<std::int64_t> StartOf(const LifecycleEvent& event,
                                             const LifecycleStart* start, model::SpanKind kind) {
    if (event.duration_ns) {
      return std::max<std::int64_t>(0, event.time_ns - *event.duration_ns);
    }
    const bool is_usable =
        start != nullptr && (event.type != EventType::kLlmCall || start->kind == kind);
    return is_usable ? std::optional(start->start_ns) : std::nullopt;
  }

  static model::SpanId ParentFor(const LifecycleEvent& event, const EventDecision& decision) {
    if (event.type == EventType::kLlmCall) {
      // Where only parent_step_id is known, step_id is the platform's name for the call itself.
      const bool is_in_step = decision.is_step_known || event.parent_step_id.empty();
      return is_in_step ? event.step_span_id : event.parent_span_id;
    }
    const bool is_parent_of_start = event.parent_step_id.empty() && decision.start != nullptr;
    return is_parent_of_start ? decision.start->parent_span_id : ParentOf(event);
  }

  std::string_view NameFor(const LifecycleEvent& event, const LifecycleStart* start) {
    const std::string_view stated = arena_.Copy(NameOf(event));
    const std::string_view started = start == nullptr ? std::string_view() : start->name;
    return First({stated, started, event.step_id, "execution"});
  }

  // What tells which workflow and kind the span is of.
  void AddIdentity(const LifecycleEvent& event, const EventDecision& decision,
                   model::SpanKind kind) {
    static const WorkflowNames kNone;
    const bool has_own_start = decision.start != nullptr && event.type != EventType::kLlmCall;
    const WorkflowNames& started = has_own_start ? decision.start->workflow : kNone;
    const WorkflowNames& run = decision.workflow != nullptr ? *decision.workflow : kNone;
    Add(kKindKey, Text(model::SpanKindName(kind)));
    AddText(kWorkflowIdKey, First({event.workflow_id, started.id, run.id}));
    AddText("gen_ai.workflow.name", First({event.workflow_name, started.name, run.name}));
    if (event.type == EventType::kLlmCall) {
      AddText("gen_ai.operation.name", OperationOf(kind));
    }
  }

  // The model knows that somebody stopped a span by its error type.
  void AddErrorType(const LifecycleEvent& event) {
    const bool is_cancelled = event.outcome == model::Outcome::kCancelled;
    if (is_cancelled) {
      Add("error.type", Text("cancelled"));
    }
    AddText(is_cancelled ? "metadata.error_type" : "error.type", event.error_type);
  }

  void WriteLog(const LifecycleEvent& event) {
    BeginAttributes();
    Add(kEventIdKey, Text(arena_.Copy(event.item_id.ToHex())));
    AddAll(event.attributes);
    otlp::LogRecord log{.time_ns = static_cast<std::uint64_t>(event.time_ns),
                        .observed_time_ns = static_cast<std::uint64_t>(event.time_ns),
                        .severity_number = SeverityOf(event.level),
                        .severity_text = event.level};
    log.body = event.message.empty() ? otlp::Value() : Text(event.message);
    log.attributes = EndAttributes();
    log.trace_id = Bytes(event.trace_id);
    log.span_id = Bytes(event.step_span_id);
    request_.logs.push_back(log);
  }

  void BeginAttributes() { first_attribute_ = request_.attributes.size(); }

  otlp::Range EndAttributes() const {
    return {.begin = static_cast<std::uint32_t>(first_attribute_),
            .count = static_cast<std::uint32_t>(request_.attributes.size() - first_attribute_)};
  }

  void Add(std::string_view key, const otlp::Value& value) {
    request_.attributes.push_back({.key = key, .value = value});
  }

  void AddText(std::string_view key, std::string_view text) {
    if (!text.empty()) {
      Add(key, Text(text));
    }
  }

  void AddAll(std::span<const otlp::KeyValue> attributes) {
    request_.attributes.insert(request_.attributes.end(), attributes.begin(), attributes.end());
  }

  // Those whose key the span does not have yet.
  void AddMissing(const std::vector<otlp::KeyValue>& attributes) {
    std::unordered_set<std::string_view> keys;
    for (std::size_t i = first_attribute_; i < request_.attributes.size(); ++i) {
      keys.insert(request_.attributes[i].key);
    }
    for (const otlp::KeyValue& attribute : attributes) {
      if (!keys.contains(attribute.key)) {
        Add(attribute.key, attribute.value);
      }
    }
  }

  base::Arena& arena_;
  otlp::Request& request_;
  std::size_t first_attribute_ = 0;
};

}  // namespace

void WriteRequest(std::span<const LifecycleEvent> events, std::span<const EventDecision> decisions,
                  base::Arena& arena, otlp::Request& request) {
  RequestWriter writer(arena, request);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (decisions[i].verdict == EventVerdict::kStore) {
      writer.Write(events[i], decisions[i]);
    }
  }
}

}  // namespace sightline::ingest
