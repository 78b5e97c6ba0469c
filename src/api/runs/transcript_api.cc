// SPDX-License-Identifier: Apache-2.0
#include "api/runs/transcript_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "analytics/transcript/transcript.h"
#include "api/request/answers.h"
#include "api/request/parameters.h"
#include "api/runs/trace_json.h"
#include "api/runs/transcript_json.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

// Entries whose bodies are read together.
constexpr std::size_t kEntriesAtOnce = 32;

// A page ends early once it has written or read so much: each call repeats the history before it.
constexpr std::size_t kMostWrittenBytes = std::size_t{8} * 1024 * 1024;
constexpr std::uint64_t kMostReadBytes = std::uint64_t{128} * 1024 * 1024;

}  // namespace

base::Result<std::string> TranscriptApi::Json(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const std::size_t limit = TRY(parameters.Limit(200, 1000));
  const LoadedTrace loaded = TRY(loader_.Load(request.PathParameter("trace_id")));
  const analytics::Transcript transcript = analytics::MakeTranscript(loaded.view);
  const std::span<const analytics::TranscriptEntry> entries = transcript.entries;
  std::size_t at = TRY(parameters.Offset(entries.size()));
  const std::size_t end = at + std::min(limit, entries.size() - at);
  const store::SpanStore::Deadline deadline = loader_.Deadline();
  base::JsonWriter json;
  TranscriptWriter writer(loaded, transcript, json);
  json.BeginObject();
  WriteTraceFields(loaded.view, json);
  json.Key("entries").BeginArray();
  while (at < end && json.size() < kMostWrittenBytes && writer.read_bytes() < kMostReadBytes) {
    const auto part = entries.subspan(at, std::min(kEntriesAtOnce, end - at));
    const auto bodies = store_.LoadBodies(writer.BodiesOf(part), deadline);
    if (!bodies.has_value()) {
      return bodies.error();
    }
    writer.WriteEntries(part, *bodies);
    at += part.size();
  }
  json.EndArray();
  const auto bodies = store_.LoadBodies(writer.BodiesOfAgents(), deadline);
  if (!bodies.has_value()) {
    return bodies.error();
  }
  writer.WriteAgents(*bodies);
  if (writer.missing_bodies() != 0) {
    losses_.Count(base::Loss::kContentMissing, writer.missing_bodies());
  }
  json.Key("has_agent_loop").Bool(writer.has_agent_loop());
  json.Key("total_entries").Uint(entries.size());
  json.Key("next_cursor");
  if (at < entries.size()) {
    json.String(std::to_string(at));
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

net::HttpResponse TranscriptApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(Json(request));
}

}  // namespace sightline::api
