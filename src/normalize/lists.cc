// SPDX-License-Identifier: Apache-2.0
#include "normalize/lists.h"

#include <cstddef>
#include <string_view>

#include <boost/json/array.hpp>

#include "base/arena.h"
#include "base/json_quote.h"
#include "normalize/json.h"
#include "normalize/values.h"
#include "otlp/value.h"

namespace sightline::normalize {
namespace {

// Builds the JSON text of an array of strings.
class ListWriter {
 public:
  void Add(std::string_view text) {
    if (IsAbsentText(text)) {
      return;
    }
    out_.push_back(out_.empty() ? '[' : ',');
    base::AppendJsonString(text, out_);
  }

  std::string Take() {
    if (!out_.empty()) {
      out_.push_back(']');
    }
    return std::move(out_);
  }

 private:
  std::string out_;
};

void AddSplit(std::string_view text, ListWriter& list) {
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    while (part.starts_with(' ')) {
      part.remove_prefix(1);
    }
    while (part.ends_with(' ')) {
      part.remove_suffix(1);
    }
    list.Add(part);
  }
}

void AddText(std::string_view text, Form form, ListWriter& list) {
  if (text.starts_with('[')) {
    const auto parsed = ParseStructure(text);
    if (parsed && parsed->is_array()) {
      for (const json::value& element : parsed->get_array()) {
        list.Add(TextOrJson(element));
      }
      return;
    }
  }
  if (form == Form::kCommaList) {
    AddSplit(text, list);
  } else {
    list.Add(Unquote(text));
  }
}

void AddValue(const otlp::Value& value, Form form, ListWriter& list) {
  if (value.kind == otlp::ValueKind::kString) {
    AddText(value.bytes, form, list);
    return;
  }
  if (value.kind == otlp::ValueKind::kArray) {
    otlp::ForEachElement(value, [&](const otlp::Value& element) {
      if (element.kind == otlp::ValueKind::kString) {
        list.Add(element.bytes);
      } else if (element.kind != otlp::ValueKind::kNone) {
        list.Add(TextOrJson(ToJson(element)));
      }
    });
    return;
  }
  if (value.kind != otlp::ValueKind::kNone) {
    list.Add(TextOrJson(ToJson(value)));
  }
}

// Each "finish_reason" of JSON text of messages. Message texts cannot be mistaken for it: inside
// them the quotes are escaped.
void AddFromText(std::string_view text, ListWriter& list) {
  constexpr std::string_view kName = "\"finish_reason\"";
  for (std::size_t at = text.find(kName); at != std::string_view::npos;
       at = text.find(kName, at + 1)) {
    std::size_t from = text.find_first_not_of(" \t\r\n:", at + kName.size());
    if (from == std::string_view::npos || text[from] != '"') {
      continue;
    }
    const std::size_t end = text.find('"', ++from);
    if (end != std::string_view::npos) {
      list.Add(text.substr(from, end - from));
    }
  }
}

void AddFromMessages(const otlp::Value& messages, ListWriter& list) {
  if (messages.kind == otlp::ValueKind::kString) {
    AddFromText(messages.bytes, list);
    return;
  }
  if (messages.kind != otlp::ValueKind::kArray) {
    return;
  }
  otlp::ForEachElement(messages, [&](const otlp::Value& message) {
    if (message.kind != otlp::ValueKind::kMap) {
      return;
    }
    otlp::ForEachEntry(message, [&](std::string_view key, const otlp::Value& value) {
      if (key == "finish_reason" && value.kind == otlp::ValueKind::kString) {
        list.Add(value.bytes);
      }
    });
  });
}

std::string FromCompletions(const Slots& slots) {
  ListWriter list;
  for (const Slots::Extra& extra : slots.extras()) {
    if (extra.rule->field == Field::kIndexedCompletion &&
        extra.suffix().ends_with(".finish_reason") &&
        extra.value->kind == otlp::ValueKind::kString) {
      list.Add(extra.value->bytes);
    }
  }
  return list.Take();
}

std::string FromEvents(std::span<const otlp::SpanEvent> events,
                       std::span<const otlp::KeyValue> pool) {
  ListWriter list;
  for (const otlp::SpanEvent& event : events) {
    if (event.name != "gen_ai.choice") {
      continue;
    }
    for (const otlp::KeyValue& attribute :
         pool.subspan(event.attributes.begin, event.attributes.count)) {
      if (attribute.key == "finish_reason") {
        AddValue(attribute.value, Form::kPlain, list);
      }
    }
  }
  return list.Take();
}

}  // namespace

std::string ListText(const otlp::Value& value, Form form) {
  ListWriter list;
  AddValue(value, form, list);
  return list.Take();
}

std::string ReadFinishReasons(const Slots& slots, std::span<const otlp::SpanEvent> events,
                              std::span<const otlp::KeyValue> pool) {
  // Ranks 1 and 2 of the field, which no key has, are the output messages and indexed completions.
  if (slots.rank(Field::kFinishReasons) == 0) {
    return ListText(slots.value(Field::kFinishReasons), Form::kPlain);
  }
  if (slots.has(Field::kOutputMessages)) {
    ListWriter list;
    AddFromMessages(slots.value(Field::kOutputMessages), list);
    if (std::string reasons = list.Take(); !reasons.empty()) {
      return reasons;
    }
  }
  if (std::string reasons = FromCompletions(slots); !reasons.empty()) {
    return reasons;
  }
  if (slots.has(Field::kFinishReasons)) {
    return ListText(slots.value(Field::kFinishReasons), Form::kPlain);
  }
  return FromEvents(events, pool);
}

std::string TraceTags(const Slots& slots) {
  ListWriter list;
  for (const Slots::Extra& extra : slots.extras()) {
    if (extra.rule->field == Field::kTraceTag && !extra.suffix().starts_with("mlflow.")) {
      list.Add(std::string(extra.suffix()) + "=" + Unquote(TextOrJson(ToJson(*extra.value))));
    }
  }
  return list.Take();
}

}  // namespace sightline::normalize
