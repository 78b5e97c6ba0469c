// SPDX-License-Identifier: Apache-2.0
// An event is read in one walk over its members. A table says for each field how it is written
// and where it goes: into a member of LifecycleEvent, into an attribute, or both.
#include "ingest/lifecycle_parse.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json_scan.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "ingest/lifecycle_json.h"
#include "normalize/values.h"

namespace sightline::ingest {
namespace {

constexpr std::string_view kTextType = "text/plain";
constexpr std::string_view kJsonType = "application/json";

enum class Form : std::uint8_t {
  kType,           // Read before everything else.
  kTime,           // RFC 3339.
  kId,             // At most kMaxEventIdBytes; an integer counts as its digits.
  kName,           // At most kMaxEventNameBytes.
  kText,           // Of any length.
  kValue,          // Anything; the attribute of its media type says what it was.
  kCount,          // An integer that is not negative.
  kMessage,        // Text, or anything else as JSON text.
  kKind,           // A name of model::SpanKind.
  kStatus,         // How it came out.
  kResourceUsage,  // An object of numbers.
  kMetadata,       // An object of anything.
};

struct FieldRule {
  std::string_view name;
  Form form;
  std::string_view LifecycleEvent::* text = nullptr;  // Null: only an attribute.
  std::string_view key;                               // Of the attribute; "": only a member.
  std::string_view second_key;                        // Of another attribute with the same value.
};

constexpr auto kFields = std::to_array<FieldRule>({
    {"type", Form::kType},
    {"timestamp", Form::kTime},
    {"execution_id", Form::kId, &LifecycleEvent::execution_id, kRunIdKey},
    {"workflow_id", Form::kId, &LifecycleEvent::workflow_id},
    {"workflow_name", Form::kName, &LifecycleEvent::workflow_name},
    {"step_id", Form::kId, &LifecycleEvent::step_id, kStepIdKey},
    {"parent_step_id", Form::kId, &LifecycleEvent::parent_step_id},
    {"step_name", Form::kName, &LifecycleEvent::step_name},
    {"agent_id", Form::kId, nullptr, "gen_ai.agent.id", "gen_ai.agent.name"},
    {"kind", Form::kKind},
    {"status", Form::kStatus},
    {"input", Form::kValue, nullptr, "input.value"},
    {"output", Form::kValue, nullptr, "output.value"},
    {"error_message", Form::kText, &LifecycleEvent::error_message},
    {"error_type", Form::kName, &LifecycleEvent::error_type},
    {"retry_count", Form::kCount, nullptr, kRetryCountKey},
    {"resource_usage", Form::kResourceUsage},
    {"level", Form::kName, &LifecycleEvent::level},
    {"message", Form::kMessage, &LifecycleEvent::message},
    {"metadata", Form::kMetadata},
    {"provider", Form::kName, nullptr, "gen_ai.provider.name"},
    {"model", Form::kName, &LifecycleEvent::model, "gen_ai.request.model"},
    {"input_tokens", Form::kCount, nullptr, "gen_ai.usage.input_tokens"},
    {"output_tokens", Form::kCount, nullptr, "gen_ai.usage.output_tokens"},
    {"cache_read_tokens", Form::kCount, nullptr, "gen_ai.usage.cache_read.input_tokens"},
    {"cache_write_tokens", Form::kCount, nullptr, "gen_ai.usage.cache_write.input_tokens"},
});
static_assert(kFields.size() <= 32, "one bit a field");

const FieldRule* FindField(std::string_view name) {
  const auto it = std::find_if(kFields.begin(), kFields.end(),
                               [&](const FieldRule& rule) { return rule.name == name; });
  return it == kFields.end() ? nullptr : &*it;
}

struct NamedOutcome {
  std::string_view name;
  model::Outcome outcome;
};

constexpr auto kOutcomes = std::to_array<NamedOutcome>({
    {"completed", model::Outcome::kCompleted},
    {"success", model::Outcome::kCompleted},
    {"failed", model::Outcome::kFailed},
    {"error", model::Outcome::kFailed},
    {"cancelled", model::Outcome::kCancelled},
    {"canceled", model::Outcome::kCancelled},
});

// What a sender wrote, short enough for an answer.
std::string_view Quoted(std::string_view text) {
  return base::TruncateUtf8(text, 64);
}

bool IsText(std::string_view raw) {
  return raw.front() == '"';
}

bool IsInteger(std::string_view raw) {
  return raw.find_first_not_of("-0123456789") == std::string_view::npos;
}

// Reads one item; used once.
class EventReader {
 public:
  EventReader(std::int64_t now_ns, base::Arena& arena) : arena_(arena) { event_.time_ns = now_ns; }

  std::variant<LifecycleEvent, EventFault> Read(std::string_view item) {
    if (auto fault = CheckJson(item)) {
      return EventFault{.detail = std::move(*fault), .is_not_json = true};
    }
    if (!ReadType(item) || !ReadMembers(item) || !CheckRequired()) {
      return std::move(fault_);
    }
    if (!has_status_ && !event_.error_message.empty()) {
      event_.outcome = model::Outcome::kFailed;
    }
    DeriveIds(item, event_);
    return std::move(event_);
  }

 private:
  // Replaces `item` by a repaired copy if that makes it JSON.
  std::optional<std::string> CheckJson(std::string_view& item) {
    auto fault = FindJsonFault(item);
    if (fault) {
      const auto repaired = RepairSurrogates(item);
      if (repaired && !FindJsonFault(*repaired)) {
        item = arena_.Copy(*repaired);
        event_.is_repaired = true;
        return std::nullopt;
      }
    }
    return fault;
  }

  bool Fail(std::string detail, base::Loss loss = base::Loss::kEventInvalid) {
    fault_ = {.detail = std::move(detail), .loss = loss};
    return false;
  }

  bool ReadType(std::string_view item) {
    std::string_view raw;
    base::ForEachJsonMember(item, [&](const std::string& name, std::string_view value) {
      if (name == "type") {
        raw = value;
      }
    });
    if (raw.empty() || raw == "null") {
      return Fail("type is required", base::Loss::kEventUnknownType);
    }
    const std::string_view name = IsText(raw) ? TextOf(raw) : raw;
    const auto type = ParseEventType(name);
    if (!type) {
      return Fail(fmt::format("type '{}' is unknown: it must be execution.started, "
                              "execution.finished, step.started, step.finished, llm.call or log",
                              Quoted(name)),
                  base::Loss::kEventUnknownType);
    }
    event_.type = *type;
    return true;
  }

  bool ReadMembers(std::string_view item) {
    bool is_ok = true;
    base::ForEachJsonMember(item, [&](const std::string& name, std::string_view raw) {
      is_ok = is_ok && (raw == "null" || ReadMember(name, raw));
    });
    return is_ok;
  }

  bool ReadMember(const std::string& name, std::string_view raw) {
    const FieldRule* rule = FindField(name);
    if (rule == nullptr) {
      AddMetadata(name, raw);
      return true;
    }
    const std::uint32_t bit = 1U << static_cast<unsigned>(rule - kFields.data());
    if ((seen_ & bit) != 0) {
      return Fail(fmt::format("{} is given twice", rule->name));
    }
    seen_ |= bit;
    return ReadField(*rule, raw);
  }

  bool ReadField(const FieldRule& rule, std::string_view raw) {
    switch (rule.form) {
      case Form::kType:
        return true;
      case Form::kTime:
        return ReadTime(raw);
      case Form::kId:
        return ReadId(rule, raw);
      case Form::kName:
        return ReadText(rule, raw, kMaxEventNameBytes);
      case Form::kText:
        return ReadText(rule, raw, std::string_view::npos);
      case Form::kValue:
        AddValue(rule, raw);
        return true;
      case Form::kCount:
        return ReadCount(rule, raw);
      case Form::kMessage:
        event_.message = IsText(raw) ? TextOf(raw) : raw;
        return true;
      case Form::kKind:
        return ReadKind(raw);
      case Form::kStatus:
        return ReadStatus(raw);
      case Form::kResourceUsage:
        return ReadResourceUsage(raw);
      case Form::kMetadata:
        return ReadMetadata(raw);
    }
    return true;
  }

  bool ReadTime(std::string_view raw) {
    const auto time = IsText(raw) ? base::ParseTimeNs(TextOf(raw)) : std::nullopt;
    if (!time || *time < 0) {
      return Fail(fmt::format(
          "timestamp '{}' must be RFC 3339 and not before 1970, such as 2026-03-01T12:00:00.5Z",
          Quoted(raw)));
    }
    event_.time_ns = *time;
    return true;
  }

  bool ReadId(const FieldRule& rule, std::string_view raw) {
    if (!IsText(raw) && IsInteger(raw)) {
      Put(rule, raw);
      return true;
    }
    return ReadText(rule, raw, kMaxEventIdBytes);
  }

  bool ReadText(const FieldRule& rule, std::string_view raw, std::size_t max_bytes) {
    if (!IsText(raw)) {
      return Fail(fmt::format("{} must be a string", rule.name));
    }
    const std::string_view text = TextOf(raw);
    if (text.size() > max_bytes) {
      return Fail(fmt::format("{} must not be longer than {} bytes", rule.name, max_bytes));
    }
    Put(rule, text);
    return true;
  }

  void Put(const FieldRule& rule, std::string_view text) {
    if (rule.text != nullptr) {
      event_.*rule.text = text;
    }
    for (const std::string_view key : {rule.key, rule.second_key}) {
      if (!key.empty() && !text.empty()) {
        AddText(key, text);
      }
    }
  }

  void AddValue(const FieldRule& rule, std::string_view raw) {
    const bool is_text = IsText(raw);
    AddText(rule.key, is_text ? TextOf(raw) : raw);
    AddText(rule.name == "input" ? "input.mime_type" : "output.mime_type",
            is_text ? kTextType : kJsonType);
  }

  bool ReadCount(const FieldRule& rule, std::string_view raw) {
    const auto count = normalize::ParseInteger(raw);
    if (!count || *count < 0) {
      return Fail(fmt::format("{} must be an integer from 0 to 10^15", rule.name));
    }
    AddAttribute(rule.key, {.kind = otlp::ValueKind::kInt, .integer = *count});
    return true;
  }

  bool ReadKind(std::string_view raw) {
    if (!IsText(raw)) {
      return Fail("kind must be a string");
    }
    const std::string_view name = TextOf(raw);
    event_.kind = model::ParseSpanKind(name);
    if (!event_.kind) {
      AddMetadata("kind", raw);  // A word of the platform's own.
    }
    return true;
  }

  bool ReadStatus(std::string_view raw) {
    if (!IsFinish(event_.type) && event_.type != EventType::kLlmCall) {
      AddMetadata("status", raw);
      return true;
    }
    const std::string_view name = IsText(raw) ? TextOf(raw) : raw;
    const auto it = std::find_if(kOutcomes.begin(), kOutcomes.end(),
                                 [&](const NamedOutcome& entry) { return entry.name == name; });
    if (it == kOutcomes.end()) {
      return Fail(fmt::format("status '{}' must be completed, failed or cancelled", Quoted(name)));
    }
    event_.outcome = it->outcome;
    has_status_ = true;
    AddText(kStatusKey, it->name);
    return true;
  }

  bool ReadResourceUsage(std::string_view raw) {
    if (!raw.starts_with('{')) {
      return Fail("resource_usage must be an object");
    }
    std::optional<std::string> wrong;
    base::ForEachJsonMember(raw, [&](const std::string& name, std::string_view value) {
      const auto number = normalize::ParseNumber(value);
      if (number) {
        AddAttribute(arena_.Copy(fmt::format("{}{}", kResourceUsagePrefix, name)),
                     {.kind = otlp::ValueKind::kDouble, .number = *number});
      } else if (value != "null" && !wrong) {
        wrong = name;
      }
    });
    return !wrong || Fail(fmt::format("resource_usage.{} must be a number", Quoted(*wrong)));
  }

  bool ReadMetadata(std::string_view raw) {
    if (!raw.starts_with('{')) {
      return Fail("metadata must be an object");
    }
    base::ForEachJsonMember(raw, [&](const std::string& name, std::string_view value) {
      if (name == "duration_ms") {
        ReadDuration(value);
      }
      if (value != "null") {
        AddMetadata(name, value);
      }
    });
    return true;
  }

  // What is no sensible duration stays metadata.
  void ReadDuration(std::string_view raw) {
    constexpr double kNsPerMs = 1e6;
    constexpr double kYearMs = 366.0 * 86'400'000.0;
    const auto milliseconds = normalize::ParseNumber(raw);
    if (milliseconds && *milliseconds >= 0 && *milliseconds <= kYearMs) {
      event_.duration_ns = static_cast<std::int64_t>(*milliseconds * kNsPerMs);
    }
  }

  // Of a log record the metadata are its attributes, as they were sent.
  void AddMetadata(std::string_view name, std::string_view raw) {
    const bool is_log = event_.type == EventType::kLog;
    const std::string_view key =
        arena_.Copy(is_log ? std::string(name) : fmt::format("{}{}", kMetadataPrefix, name));
    AddAttribute(key, ScalarOf(raw));
  }

  otlp::Value ScalarOf(std::string_view raw) {
    if (IsText(raw)) {
      return {.kind = otlp::ValueKind::kString, .bytes = TextOf(raw)};
    }
    if (raw == "true" || raw == "false") {
      return {.kind = otlp::ValueKind::kBool, .integer = raw == "true" ? 1 : 0};
    }
    otlp::Value value;
    const char* end = raw.data() + raw.size();
    if (IsInteger(raw)) {
      const auto [stop, error] = std::from_chars(raw.data(), end, value.integer);
      if (error == std::errc() && stop == end) {
        value.kind = otlp::ValueKind::kInt;
        return value;
      }
    } else if (!raw.starts_with('{') && !raw.starts_with('[')) {
      const auto [stop, error] = std::from_chars(raw.data(), end, value.number);
      if (error == std::errc() && stop == end) {
        value.kind = otlp::ValueKind::kDouble;
        return value;
      }
    }
    // Structures, and numbers that no type holds.
    return {.kind = otlp::ValueKind::kString, .bytes = raw};
  }

  void AddText(std::string_view key, std::string_view text) {
    AddAttribute(key, {.kind = otlp::ValueKind::kString, .bytes = text});
  }

  void AddAttribute(std::string_view key, const otlp::Value& value) {
    event_.attributes.push_back({.key = key, .value = value});
  }

  std::string_view TextOf(std::string_view raw) {
    if (raw.find('\\') == std::string_view::npos) {
      return raw.substr(1, raw.size() - 2);
    }
    return arena_.Copy(base::UnescapeJsonString(raw));
  }

  bool CheckRequired() {
    if (event_.execution_id.empty()) {
      return Fail("execution_id is required", base::Loss::kEventUnknownType);
    }
    const bool is_step =
        event_.type == EventType::kStepStarted || event_.type == EventType::kStepFinished;
    if (is_step && event_.step_id.empty()) {
      return Fail(fmt::format("step_id is required for {}", EventTypeName(event_.type)),
                  base::Loss::kEventUnknownType);
    }
    if (!event_.step_id.empty() && event_.step_id == event_.parent_step_id) {
      return Fail("parent_step_id must not be the step itself");
    }
    return true;
  }

  base::Arena& arena_;
  LifecycleEvent event_;
  EventFault fault_;
  std::uint32_t seen_ = 0;  // One bit a field of kFields.
  bool has_status_ = false;
};

}  // namespace

std::variant<LifecycleEvent, EventFault> ParseEvent(std::string_view item, std::int64_t now_ns,
                                                    base::Arena& arena) {
  return EventReader(now_ns, arena).Read(item);
}

}  // namespace sightline::ingest
