// SPDX-License-Identifier: Apache-2.0
// Golden tests of what the API shows of a conversation: conversations/<dialect>/<case>.json holds
// the original attributes and events of one span, <case>.txt the messages and data of the answer.
//
//   {"kind": "llm", "dialect": "gen_ai",
//    "attributes": {"gen_ai.input.messages": [...], "llm.model_name": "text"},
//    "events": [{"name": "gen_ai.choice", "attributes": {...}, "body": {...}}]}
//
// A string stands for itself and any other value for its JSON text, as the store gives them back.
// {"repeat": "text", "times": n} is a long text.
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/request/body_writer.h"
#include "api/runs/conversation_json.h"
#include "base/arena.h"
#include "base/json_quote.h"
#include "base/json_writer.h"
#include "golden_runner.h"
#include "model/kinds.h"
#include "normalize/attribute_source.h"
#include "normalize/messages.h"

namespace sightline::golden {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using normalize::SourceAttribute;

constexpr std::size_t kShownBytes = 400;

std::string_view View(json::string_view text) {
  return {text.data(), text.size()};
}

class Source {
 public:
  explicit Source(const json::object& span) {
    if (const json::value* attributes = span.if_contains("attributes")) {
      attributes_ = ReadAttributes(attributes->as_object());
    }
    if (const json::value* events = span.if_contains("events")) {
      ReadEvents(events->as_array());
    }
  }

  normalize::AttributeSource source(model::SpanKind kind, model::Dialect dialect) const {
    return {.kind = kind, .dialect = dialect, .attributes = attributes_, .events = events_};
  }

 private:
  SourceAttribute ReadValue(std::string_view key, const json::value& value) {
    if (value.is_string()) {
      return {.key = arena_.Copy(key), .text = arena_.Copy(View(value.get_string()))};
    }
    if (value.is_object() && value.get_object().contains("repeat")) {
      std::string text;
      for (auto left = value.at("times").to_number<int>(); left > 0; --left) {
        text += View(value.at("repeat").as_string());
      }
      return {.key = arena_.Copy(key), .text = arena_.Copy(text)};
    }
    return {.key = arena_.Copy(key), .text = arena_.Copy(json::serialize(value)), .is_json = true};
  }

  std::vector<SourceAttribute> ReadAttributes(const json::object& object) {
    std::vector<SourceAttribute> attributes;
    for (const auto& [key, value] : object) {
      attributes.push_back(ReadValue(View(key), value));
    }
    return attributes;
  }

  void ReadEvents(const json::array& events) {
    event_attributes_.reserve(events.size());
    for (const json::value& item : events) {
      const json::object& event = item.as_object();
      normalize::SourceEvent read{.name = arena_.Copy(View(event.at("name").as_string()))};
      if (const json::value* attributes = event.if_contains("attributes")) {
        event_attributes_.push_back(ReadAttributes(attributes->as_object()));
        read.attributes = event_attributes_.back();
      }
      if (const json::value* body = event.if_contains("body")) {
        read.body = ReadValue("", *body);
      }
      events_.push_back(read);
    }
  }

  base::Arena arena_;
  std::vector<SourceAttribute> attributes_;
  std::vector<std::vector<SourceAttribute>> event_attributes_;
  std::vector<normalize::SourceEvent> events_;
};

// One member or element a line, long texts cut.
void AppendPretty(const json::value& value, const std::string& indent, std::string& out) {
  const std::string deeper = indent + "  ";
  bool is_first = true;
  const auto begin_item = [&] {
    out.append(is_first ? "\n" : ",\n").append(deeper);
    is_first = false;
  };
  if (const json::object* object = value.if_object(); object != nullptr && !object->empty()) {
    out.push_back('{');
    for (const auto& [key, member] : *object) {
      begin_item();
      base::AppendJsonString(View(key), out);
      out.append(": ");
      AppendPretty(member, deeper, out);
    }
    out.append("\n").append(indent).append("}");
  } else if (const json::array* array = value.if_array(); array != nullptr && !array->empty()) {
    out.push_back('[');
    for (const json::value& element : *array) {
      begin_item();
      AppendPretty(element, deeper, out);
    }
    out.append("\n").append(indent).append("]");
  } else if (value.is_string() && value.get_string().size() > kShownBytes) {
    base::AppendJsonString(View(value.get_string()).substr(0, 40), out);
    out.append(" ... of ").append(std::to_string(value.get_string().size())).append(" bytes");
  } else if (const double* number = value.if_double()) {
    out.append(fmt::format("{}", *number));
  } else {
    out.append(json::serialize(value));
  }
}

// "none" is plain OpenTelemetry.
std::optional<model::Dialect> FindDialect(std::string_view name) {
  for (auto i = 0; i <= static_cast<int>(model::Dialect::kLifecycle); ++i) {
    const auto dialect = static_cast<model::Dialect>(i);
    if (model::DialectName(dialect) == (name == "none" ? "" : name)) {
      return dialect;
    }
  }
  return std::nullopt;
}

std::string Render(const fs::path& input) {
  const json::value document = json::parse(ReadFile(input));
  const json::object& span = document.as_object();
  const auto kind = model::ParseSpanKind(View(span.at("kind").as_string()));
  const auto dialect = FindDialect(View(span.at("dialect").as_string()));
  if (!kind || !dialect) {
    return "no such kind or dialect\n";
  }
  const Source source(span);
  const model::Conversation conversation =
      normalize::ExtractConversation(source.source(*kind, *dialect));
  base::JsonWriter answer;
  api::BodyWriter bodies("/span", answer);
  answer.BeginObject();
  api::WriteConversation(conversation, bodies, answer);
  answer.Key("run").BeginObject();
  answer.Key("input_data");
  api::WriteRunInput(conversation, bodies, answer);
  answer.Key("output_data");
  api::WriteRunOutput(conversation, bodies, answer);
  answer.EndObject().EndObject();
  std::string text;
  AppendPretty(json::parse(answer.Take()), "", text);
  return text + "\n";
}

bool IsCase(const fs::path& file) {
  return file.extension() == ".json";
}

}  // namespace
}  // namespace sightline::golden

int main(int argc, char** argv) {
  return sightline::golden::RunGolden(argc, argv, sightline::golden::IsCase,
                                      sightline::golden::Render);
}
