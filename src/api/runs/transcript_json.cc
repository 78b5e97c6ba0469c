// SPDX-License-Identifier: Apache-2.0
#include "api/runs/transcript_json.h"

#include <algorithm>
#include <string>

#include "analytics/transcript/history.h"
#include "api/request/body_writer.h"
#include "api/request/json_fields.h"
#include "api/runs/conversation_json.h"
#include "api/runs/span_json.h"
#include "api/runs/span_logs.h"
#include "api/runs/span_preview.h"
#include "model/rope.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

constexpr std::size_t kNone = analytics::TraceView::kNone;
using analytics::TranscriptEntry;
using Type = TranscriptEntry::Type;

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kCall:
      return "call";
    case Type::kTool:
      return "tool";
    case Type::kAgent:
      return "agent";
    case Type::kNote:
      return "note";
  }
  return "";
}

bool HasMessages(const model::Conversation& conversation) {
  return !conversation.input.empty() || !conversation.output.empty();
}

// The first without a span that `is_it` takes.
template <typename Predicate>
ToolCall* FindOpen(std::vector<ToolCall>& calls, Predicate&& is_it) {
  const auto found = std::find_if(calls.begin(), calls.end(), [&](const ToolCall& call) {
    return call.span == kNone && is_it(*call.asked);
  });
  return found == calls.end() ? nullptr : &*found;
}

std::string_view ToolName(const model::Span& span) {
  return span.tool_name.empty() ? span.name : span.tool_name;
}

void WriteDataOrNull(std::string_view key, std::string_view field, std::string_view text,
                     BodyWriter& bodies, base::JsonWriter& json) {
  json.Key(key);
  if (text.empty()) {
    json.Null();
  } else {
    bodies.Write(text, BodyWriter::Form::kIfStructured, ContentPlace::Of(field));
  }
}

// True for messages that are nothing but results of tools, all of them among `shown`.
bool IsShown(const model::Message& message, const std::set<std::string_view>& shown) {
  return !message.parts.empty() &&
         std::all_of(message.parts.begin(), message.parts.end(), [&](const auto& part) {
           return part.type == "tool_call_response" && shown.contains(part.id);
         });
}

}  // namespace

std::vector<ToolCall> MatchTools(const model::Conversation& call,
                                 std::span<const std::size_t> tool_spans,
                                 const analytics::SpanRefs& spans) {
  std::vector<ToolCall> tools;
  for (std::size_t i = 0; i < call.output.size(); ++i) {
    const std::vector<model::MessagePart>& parts = call.output[i].parts;
    for (std::size_t j = 0; j < parts.size(); ++j) {
      if (parts[j].type == "tool_call") {
        tools.push_back({.asked = &parts[j],
                         .place = {.list = PartPlace::List::kOutput,
                                   .message = i,
                                   .part = j,
                                   .member = PartPlace::Member::kPayload}});
      }
    }
  }
  std::vector<std::size_t> rest;
  for (const std::size_t span : tool_spans) {
    const std::string_view id = spans[span].tool_call_id;
    ToolCall* const tool =
        id.empty() ? nullptr : FindOpen(tools, [&](const auto& part) { return part.id == id; });
    if (tool != nullptr) {
      tool->span = span;
    } else {
      rest.push_back(span);
    }
  }
  for (const std::size_t span : rest) {
    const model::Span& one = spans[span];
    ToolCall* const tool = FindOpen(tools, [&](const auto& part) {
      const bool may_be = part.id.empty() || one.tool_call_id.empty();
      return may_be && part.name == ToolName(one);
    });
    if (tool != nullptr) {
      tool->span = span;
    }
  }
  for (const std::size_t span : rest) {
    if (std::none_of(tools.begin(), tools.end(),
                     [&](const ToolCall& tool) { return tool.span == span; })) {
      tools.push_back({.span = span});
    }
  }
  return tools;
}

TranscriptWriter::TranscriptWriter(const LoadedTrace& loaded,
                                   const analytics::Transcript& transcript, base::JsonWriter& json)
    : loaded_(loaded),
      transcript_(transcript),
      roll_ups_(analytics::RollUps(loaded.view)),
      json_(json) {
  for (std::size_t i = 0; i < transcript.entries.size(); ++i) {
    entry_of_.emplace(transcript.entries[i].span, i);
  }
}

void TranscriptWriter::AddBodies(std::size_t span, std::set<std::uint64_t>& ids) const {
  const auto add = [&](std::uint64_t id) { ids.insert(id); };
  model::ForEachBodyId(loaded_.view.spans[span].content, add);
  for (const model::LogRecord* log : loaded_.logs.Of(loaded_.view, span)) {
    model::ForEachBodyId(log->content, add);
  }
}

std::vector<std::uint64_t> TranscriptWriter::BodiesOf(
    std::span<const TranscriptEntry> entries) const {
  std::set<std::uint64_t> ids;
  const auto add = [&](const TranscriptEntry& entry) {
    AddBodies(entry.span, ids);
    for (const std::size_t tool : entry.tools) {
      AddBodies(tool, ids);
    }
  };
  for (const TranscriptEntry& entry : entries) {
    add(entry);
    if (entry.before != kNone) {
      add(transcript_.entries[entry_of_.at(entry.before)]);
    }
  }
  return {ids.begin(), ids.end()};
}

std::vector<std::uint64_t> TranscriptWriter::BodiesOfAgents() const {
  std::set<std::uint64_t> ids;
  for (const std::size_t agent : agents_) {
    AddBodies(transcript_.agents[agent].span, ids);
  }
  return {ids.begin(), ids.end()};
}

const model::Conversation& TranscriptWriter::ConversationOf(std::size_t span, const Bodies& bodies,
                                                            Read& read) {
  const auto [found, is_new] = read.try_emplace(span);
  if (is_new) {
    const model::Span& row = loaded_.view.spans[span];
    const SpanDocument document(row, loaded_.logs.Of(loaded_.view, span), bodies);
    missing_bodies_ += document.missing_bodies();
    for (const normalize::SourceAttribute& attribute : document.attributes()) {
      read_bytes_ += attribute.text.size();
    }
    found->second = normalize::ExtractConversation(document.source(row.kind, row.dialect));
  }
  return found->second;
}

void TranscriptWriter::Name(std::size_t agent) {
  for (; agent != kNone && agents_.insert(agent).second; agent = transcript_.agents[agent].parent) {
  }
}

void TranscriptWriter::WriteHead(std::size_t span) {
  WriteSpanHead(loaded_.view, span, json_);
  WriteRollUp(roll_ups_[span], json_);
}

void TranscriptWriter::WritePreviews(const model::Conversation& conversation) {
  WriteText(json_, "input_preview", InputPreview(conversation));
  WriteText(json_, "output_preview", OutputPreview(conversation));
}

void TranscriptWriter::WriteEntries(std::span<const TranscriptEntry> entries,
                                    const Bodies& bodies) {
  Read read;
  for (const TranscriptEntry& entry : entries) {
    Name(entry.agent);
    json_.BeginObject();
    json_.Key("type").String(TypeName(entry.type));
    json_.Key("agent").Uint(entry.agent);
    json_.Key("opens").BeginArray();
    for (const std::size_t agent : entry.opens) {
      Name(agent);
      json_.Uint(agent);
    }
    json_.EndArray();
    json_.Key("span").BeginObject();
    WriteHead(entry.span);
    json_.EndObject();
    if (entry.type == Type::kCall) {
      WriteCall(entry, bodies, read);
    } else if (entry.type == Type::kTool) {
      json_.Key("tools").BeginArray();
      WriteTool({.span = entry.span}, kNone, bodies, read);
      json_.EndArray();
    } else {
      WritePreviews(ConversationOf(entry.span, bodies, read));
    }
    json_.EndObject();
  }
}

void TranscriptWriter::WriteCall(const TranscriptEntry& entry, const Bodies& bodies, Read& read) {
  json_.Key("turn").Uint(entry.turn);
  json_.Key("attempts").BeginArray();
  for (const std::size_t attempt : entry.attempts) {
    json_.BeginObject();
    WriteHead(attempt);
    json_.EndObject();
  }
  json_.EndArray();
  const model::Conversation& conversation = ConversationOf(entry.span, bodies, read);
  if (HasMessages(conversation) && ++with_messages_[entry.agent] == 2) {
    has_agent_loop_ = true;
  }
  WriteInput(entry, conversation, bodies, read);
  const model::Span& span = loaded_.view.spans[entry.span];
  BodyWriter body_writer(SpanUrl(span.trace_id, span.span_id), json_);
  std::vector<std::size_t> all(conversation.output.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = i;
  }
  json_.Key("output");
  WriteMessages(conversation.output, PartPlace::List::kOutput, all, body_writer, json_);
  json_.Key("tools").BeginArray();
  for (const ToolCall& tool : MatchTools(conversation, entry.tools, loaded_.view.spans)) {
    WriteTool(tool, entry.span, bodies, read);
  }
  json_.EndArray();
}

void TranscriptWriter::WriteInput(const TranscriptEntry& entry,
                                  const model::Conversation& conversation, const Bodies& bodies,
                                  Read& read) {
  analytics::HistoryChange change;
  bool is_new_system = !conversation.system.empty();
  std::set<std::string_view> shown;
  if (entry.before != kNone) {
    const model::Conversation& before = ConversationOf(entry.before, bodies, read);
    change = analytics::CompareHistory(before, conversation);
    is_new_system = is_new_system && before.system != conversation.system;
    shown = ShownResults(entry.before, bodies, read);
  }
  const model::Span& span = loaded_.view.spans[entry.span];
  BodyWriter body_writer(SpanUrl(span.trace_id, span.span_id), json_);
  json_.Key("system");
  if (is_new_system) {
    WriteSystem(conversation, body_writer, json_);
  } else {
    json_.Null();
  }
  json_.Key("history_messages").Uint(change.kept);
  json_.Key("is_history_rewritten").Bool(change.is_rewritten);
  std::vector<std::size_t> added;
  for (std::size_t i = change.kept; i < conversation.input.size(); ++i) {
    if (!IsShown(conversation.input[i], shown)) {
      added.push_back(i);
    }
  }
  json_.Key("new_messages");
  WriteMessages(conversation.input, PartPlace::List::kInput, added, body_writer, json_);
}

// The ids of tool calls whose results stand with the tools of a call.
std::set<std::string_view> TranscriptWriter::ShownResults(std::size_t call, const Bodies& bodies,
                                                          Read& read) {
  std::set<std::string_view> shown;
  const TranscriptEntry& entry = transcript_.entries[entry_of_.at(call)];
  const model::Conversation& conversation = ConversationOf(call, bodies, read);
  for (const ToolCall& tool : MatchTools(conversation, entry.tools, loaded_.view.spans)) {
    if (tool.asked != nullptr && tool.span != kNone && !tool.asked->id.empty() &&
        !ConversationOf(tool.span, bodies, read).output_data.empty()) {
      shown.insert(tool.asked->id);
    }
  }
  return shown;
}

void TranscriptWriter::WriteTool(const ToolCall& tool, std::size_t caller, const Bodies& bodies,
                                 Read& read) {
  static const model::Conversation kNothing;
  const analytics::SpanRefs& spans = loaded_.view.spans;
  const bool has_span = tool.span != kNone;
  const model::Span& work = spans[has_span ? tool.span : caller];
  const model::Conversation& told = has_span ? ConversationOf(tool.span, bodies, read) : kNothing;
  BodyWriter work_writer(SpanUrl(work.trace_id, work.span_id), json_);
  json_.BeginObject();
  if (tool.asked != nullptr) {
    WriteText(json_, "call_id", tool.asked->id);
    WriteText(json_, "name", tool.asked->name);
  } else {
    WriteText(json_, "call_id", work.tool_call_id);
    WriteText(json_, "name", ToolName(work));
  }
  if (tool.asked != nullptr && !tool.asked->payload_json.empty()) {
    const model::Span& call = spans[caller];
    json_.Key("arguments");
    BodyWriter(SpanUrl(call.trace_id, call.span_id), json_)
        .Write(tool.asked->payload_json, BodyWriter::Form::kIfJson, tool.place.ToPlace());
  } else {
    WriteDataOrNull("arguments", "input_data", told.input_data, work_writer, json_);
  }
  WriteDataOrNull("output", "output_data", told.output_data, work_writer, json_);
  json_.Key("span");
  if (has_span) {
    json_.BeginObject();
    WriteHead(tool.span);
    json_.EndObject();
  } else {
    json_.Null();
  }
  json_.EndObject();
}

void TranscriptWriter::WriteAgents(const Bodies& bodies) {
  json_.Key("agents").BeginArray();
  Read read;
  for (const std::size_t index : agents_) {
    const analytics::TranscriptAgent& agent = transcript_.agents[index];
    const model::Span& span = loaded_.view.spans[agent.span];
    json_.BeginObject();
    json_.Key("agent").Uint(index);
    json_.Key("works_for");
    if (agent.parent == kNone) {
      json_.Null();
    } else {
      json_.Uint(agent.parent);
    }
    WriteText(json_, "name", span.agent_name.empty() ? span.name : span.agent_name);
    json_.Key("calls").Uint(agent.calls);
    json_.Key("span").BeginObject();
    WriteHead(agent.span);
    json_.EndObject();
    WritePreviews(ConversationOf(agent.span, bodies, read));
    json_.EndObject();
  }
  json_.EndArray();
}

}  // namespace sightline::api
