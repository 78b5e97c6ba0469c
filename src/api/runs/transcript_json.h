// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analytics/roll_up.h"
#include "analytics/trace_view.h"
#include "analytics/transcript/transcript.h"
#include "api/request/content_place.h"
#include "api/runs/span_document.h"
#include "api/runs/trace_loader.h"
#include "base/json_writer.h"
#include "model/message.h"

namespace sightline::api {

// A tool call of a transcript: what the model asked for, and the span of the work, if both are
// known.
//
// Thread: value. Refers to the conversation.
struct ToolCall {
  const model::MessagePart* asked = nullptr;  // Null: no model call is known to have asked.
  PartPlace place;                            // Of `asked`, in the output of its call.
  std::size_t span = analytics::TraceView::kNone;
};

// The tool calls of a model call, those that it asked for first, in its order. Spans belong to what
// has their call id, else to the first that has their name and no span yet.
std::vector<ToolCall> MatchTools(const model::Conversation& call,
                                 std::span<const std::size_t> tool_spans,
                                 const analytics::SpanRefs& spans);

// Writes entries of a transcript, as api/openapi.yaml describes them.
//
// Thread: confined. What it is given must outlive it.
class TranscriptWriter {
 public:
  TranscriptWriter(const LoadedTrace& loaded, const analytics::Transcript& transcript,
                   base::JsonWriter& json);

  // The bodies that these entries need.
  std::vector<std::uint64_t> BodiesOf(std::span<const analytics::TranscriptEntry> entries) const;

  // The objects of these entries, inside an array that is open.
  void WriteEntries(std::span<const analytics::TranscriptEntry> entries, const Bodies& bodies);

  // The spans of the agents that the entries written so far name, and of those they work for.
  std::vector<std::uint64_t> BodiesOfAgents() const;

  // `agents`, an array, inside an object that is open.
  void WriteAgents(const Bodies& bodies);

  // True when an agent made two calls that have messages, among the entries written so far.
  bool has_agent_loop() const { return has_agent_loop_; }

  // Bodies that the store did not find, of everything written so far.
  std::uint64_t missing_bodies() const { return missing_bodies_; }

  // How much text was read for what was written so far.
  std::uint64_t read_bytes() const { return read_bytes_; }

 private:
  // Conversations of the entries that are being written, by span.
  using Read = std::map<std::size_t, model::Conversation>;

  void AddBodies(std::size_t span, std::set<std::uint64_t>& ids) const;
  const model::Conversation& ConversationOf(std::size_t span, const Bodies& bodies, Read& read);
  void WriteHead(std::size_t span);
  void WriteCall(const analytics::TranscriptEntry& entry, const Bodies& bodies, Read& read);
  void WriteInput(const analytics::TranscriptEntry& entry, const model::Conversation& conversation,
                  const Bodies& bodies, Read& read);
  void WriteTool(const ToolCall& tool, std::size_t caller, const Bodies& bodies, Read& read);
  std::set<std::string_view> ShownResults(std::size_t call, const Bodies& bodies, Read& read);
  void WritePreviews(const model::Conversation& conversation);
  void Name(std::size_t agent);

  const LoadedTrace& loaded_;
  const analytics::Transcript& transcript_;
  const std::vector<analytics::RollUp> roll_ups_;
  base::JsonWriter& json_;
  std::unordered_map<std::size_t, std::size_t> entry_of_;  // Of calls, by span.
  std::set<std::size_t> agents_;                      // Named so far, with those they work for.
  std::map<std::size_t, std::size_t> with_messages_;  // Calls that have messages, by agent.
  bool has_agent_loop_ = false;
  std::uint64_t missing_bodies_ = 0;
  std::uint64_t read_bytes_ = 0;
};

}  // namespace sightline::api
