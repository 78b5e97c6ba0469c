// SPDX-License-Identifier: Apache-2.0
#include "api/runs/conversation_json.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::api {
namespace {

using Form = BodyWriter::Form;

// What the normaliser calls a part that does not name its type.
constexpr std::string_view kNoType = "unknown";

class MessageWriter {
 public:
  MessageWriter(BodyWriter& bodies, base::JsonWriter& json) : bodies_(bodies), json_(json) {}

  void Parts(const std::vector<model::MessagePart>& parts, PartPlace place) {
    json_.BeginArray();
    for (place.part = 0; place.part < parts.size(); ++place.part) {
      Part(parts[place.part], place);
    }
    json_.EndArray();
  }

  void Messages(const std::vector<model::Message>& messages, PartPlace::List list) {
    json_.BeginArray();
    Items(messages, list);
    json_.EndArray();
  }

  // Those of an array that is open.
  void Items(const std::vector<model::Message>& messages, PartPlace::List list) {
    for (std::size_t i = 0; i < messages.size(); ++i) {
      OneMessage(messages[i], {.list = list, .message = i});
    }
  }

  void OneMessage(const model::Message& message, PartPlace place) {
    json_.BeginObject();
    json_.Key("role").String(message.role);
    Text("name", message.name);
    json_.Key("parts");
    Parts(message.parts, place);
    Text("finish_reason", message.finish_reason);
    json_.EndObject();
  }

 private:
  void Part(const model::MessagePart& part, PartPlace place) {
    if (!part.raw_json.empty()) {
      GenericPart(part, place);
      return;
    }
    json_.BeginObject();
    json_.Key("type").String(part.type);
    Text(part.type == "file" ? "file_id" : "id", part.id);
    Text("name", part.name);
    Text("mime_type", part.mime_type);
    Text("modality", part.modality);
    if (part.type == "text" || part.type == "reasoning" || !part.content.empty()) {
      json_.Key(part.type == "uri" ? "uri" : "content");
      place.member = PartPlace::Member::kContent;
      bodies_.Write(part.content, Form::kText, place.ToPlace());
    }
    if (!part.payload_json.empty()) {
      json_.Key(part.type == "tool_call" ? "arguments" : "response");
      place.member = PartPlace::Member::kPayload;
      bodies_.Write(part.payload_json, Form::kIfJson, place.ToPlace());
    }
    json_.EndObject();
  }

  // A part of a type we do not know stays as it was sent; one without a type gets one around it.
  void GenericPart(const model::MessagePart& part, PartPlace place) {
    const bool is_short = bodies_.Fits(part.raw_json) && IsJson(part.raw_json);
    if (is_short && part.type != kNoType) {
      json_.Raw(part.raw_json);
      return;
    }
    json_.BeginObject();
    json_.Key("type").String(part.type);
    if (is_short) {
      json_.Key("content").Raw(part.raw_json);
    } else {
      place.member = PartPlace::Member::kWhole;
      bodies_.WriteCutFields(part.raw_json, place.ToPlace());
    }
    json_.EndObject();
  }

  void Text(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      json_.Key(key).String(value);
    }
  }

  BodyWriter& bodies_;
  base::JsonWriter& json_;
};

void WriteData(std::string_view text, Form form, const ContentPlace& place, BodyWriter& bodies,
               base::JsonWriter& json) {
  if (text.empty()) {
    json.Null();
  } else {
    bodies.Write(text, form, place);
  }
}

// `field` is where the data stands.
void WriteDataOrLastText(std::string_view field, std::string_view data,
                         const std::vector<model::Message>& messages, PartPlace::List list,
                         BodyWriter& bodies, base::JsonWriter& json) {
  if (!data.empty()) {
    WriteData(data, Form::kIfStructured, ContentPlace::Of(field), bodies, json);
    return;
  }
  for (std::size_t i = messages.size(); i-- > 0;) {
    const std::vector<model::MessagePart>& parts = messages[i].parts;
    for (std::size_t j = 0; j < parts.size(); ++j) {
      if (parts[j].type == "text" && !parts[j].content.empty()) {
        const PartPlace place{.list = list, .message = i, .part = j};
        WriteData(parts[j].content, Form::kText, place.ToPlace(), bodies, json);
        return;
      }
    }
  }
  json.Null();
}

}  // namespace

void WriteConversation(const model::Conversation& conversation, BodyWriter& bodies,
                       base::JsonWriter& json) {
  MessageWriter writer(bodies, json);
  json.Key("messages").BeginObject();
  json.Key("system");
  writer.Parts(conversation.system, {.list = PartPlace::List::kSystem});
  json.Key("input");
  writer.Messages(conversation.input, PartPlace::List::kInput);
  json.Key("output");
  writer.Messages(conversation.output, PartPlace::List::kOutput);
  json.Key("tools");
  WriteData(conversation.tools_json, Form::kIfJson, ContentPlace::Of("tools"), bodies, json);
  json.EndObject();
  json.Key("input_data");
  WriteData(conversation.input_data, Form::kIfStructured, ContentPlace::Of("input_data"), bodies,
            json);
  json.Key("output_data");
  WriteData(conversation.output_data, Form::kIfStructured, ContentPlace::Of("output_data"), bodies,
            json);
}

void WriteMessages(const std::vector<model::Message>& messages, PartPlace::List list,
                   std::span<const std::size_t> which, BodyWriter& bodies, base::JsonWriter& json) {
  MessageWriter writer(bodies, json);
  json.BeginArray();
  for (const std::size_t i : which) {
    writer.OneMessage(messages[i], {.list = list, .message = i});
  }
  json.EndArray();
}

void WriteSystem(const model::Conversation& conversation, BodyWriter& bodies,
                 base::JsonWriter& json) {
  MessageWriter(bodies, json).Parts(conversation.system, {.list = PartPlace::List::kSystem});
}

void WriteRunInput(const model::Conversation& conversation, BodyWriter& bodies,
                   base::JsonWriter& json) {
  WriteDataOrLastText("input_data", conversation.input_data, conversation.input,
                      PartPlace::List::kInput, bodies, json);
}

void WriteRunOutput(const model::Conversation& conversation, BodyWriter& bodies,
                    base::JsonWriter& json) {
  WriteDataOrLastText("output_data", conversation.output_data, conversation.output,
                      PartPlace::List::kOutput, bodies, json);
}

void WriteCallInput(const model::Conversation& conversation, BodyWriter& bodies,
                    base::JsonWriter& json) {
  MessageWriter writer(bodies, json);
  json.BeginObject().Key("messages").BeginArray();
  if (!conversation.system.empty()) {
    json.BeginObject().Key("role").String("system").Key("parts");
    writer.Parts(conversation.system, {.list = PartPlace::List::kSystem});
    json.EndObject();
  }
  writer.Items(conversation.input, PartPlace::List::kInput);
  json.EndArray();
  if (!conversation.tools_json.empty()) {
    json.Key("tools");
    WriteData(conversation.tools_json, Form::kIfJson, ContentPlace::Of("tools"), bodies, json);
  }
  json.EndObject();
}

void WriteCallOutput(const model::Conversation& conversation, BodyWriter& bodies,
                     base::JsonWriter& json) {
  json.BeginObject().Key("messages");
  MessageWriter(bodies, json).Messages(conversation.output, PartPlace::List::kOutput);
  json.EndObject();
}

}  // namespace sightline::api
