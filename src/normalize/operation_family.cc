// SPDX-License-Identifier: Apache-2.0
#include "normalize/operation_family.h"

#include <algorithm>
#include <array>

#include "normalize/dialect.h"
#include "normalize/key_words.h"

namespace sightline::normalize {
namespace {

using model::SpanKind;

// The word that decides, found from the end of the name.
constexpr auto kNouns = std::to_array<NamedKind>({
    {"chat", SpanKind::kLlm},
    {"completion", SpanKind::kLlm},
    {"completions", SpanKind::kLlm},
    {"response", SpanKind::kLlm},
    {"responses", SpanKind::kLlm},
    {"messages", SpanKind::kLlm},
    {"generate", SpanKind::kLlm},
    {"generation", SpanKind::kLlm},
    {"inference", SpanKind::kLlm},
    {"converse", SpanKind::kLlm},
    {"llm", SpanKind::kLlm},
    {"realtime", SpanKind::kLlm},
    {"transcription", SpanKind::kLlm},
    {"transcriptions", SpanKind::kLlm},
    {"translation", SpanKind::kLlm},
    {"speech", SpanKind::kLlm},
    {"embedding", SpanKind::kEmbedding},
    {"embeddings", SpanKind::kEmbedding},
    {"embed", SpanKind::kEmbedding},
    {"rerank", SpanKind::kReranker},
    {"reranking", SpanKind::kReranker},
    {"retrieve", SpanKind::kRetriever},
    {"retrieval", SpanKind::kRetriever},
    {"moderation", SpanKind::kGuardrail},
    {"moderations", SpanKind::kGuardrail},
    {"guardrail", SpanKind::kGuardrail},
    {"guardrails", SpanKind::kGuardrail},
    {"evaluation", SpanKind::kEvaluator},
    {"evaluate", SpanKind::kEvaluator},
    {"scorer", SpanKind::kEvaluator},
    {"tool", SpanKind::kTool},
    {"handoff", SpanKind::kTask},
    {"step", SpanKind::kTask},
    {"task", SpanKind::kTask},
    {"processor", SpanKind::kTask},
    {"agent", SpanKind::kAgent},
    {"workflow", SpanKind::kWorkflow},
});

// Says how a call is made or what becomes of it, not what it is.
bool IsManner(std::string_view word) {
  constexpr auto kManners = std::to_array<std::string_view>(
      {"create",    "stream", "streaming", "async", "parse", "run",         "call", "request",
       "execution", "with",   "raw",       "sync",  "do",    "invoke",      "v1",   "v2",
       "text",      "object", "content",   "many",  "batch", "passthrough", "route"});
  return std::ranges::find(kManners, word) != kManners.end();
}

// Operations on what is stored or under way.
bool IsAdministration(std::string_view word) {
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {"list",    "get",     "delete",  "cancel",   "count",    "fetch",    "retrieve",
       "poll",    "update",  "upload",  "download", "describe", "register", "send",
       "receive", "publish", "process", "handle",   "append",   "add",      "store",
       "save",    "submit",  "consume", "parse"});
  return std::ranges::find(kVerbs, word) != kVerbs.end();
}

std::optional<SpanKind> KindOfNoun(std::string_view word) {
  const auto* found = std::ranges::find(kNouns, word, &NamedKind::name);
  if (found != kNouns.end()) {
    return found->kind;
  }
  // LiteLLM puts an "a" in front of its asynchronous calls.
  return word.size() > 3 && word.starts_with('a') ? KindOfNoun(word.substr(1)) : std::nullopt;
}

// Workflow engines name their steps after themselves: "workflow_step", "workflow_parallel".
std::optional<SpanKind> KindOfPart(const KeyWords& words) {
  const std::string_view first = words[0];
  const bool is_whole = words.size() == 1 || IsManner(words.last()) || words.last() == first;
  return first == "workflow" && !is_whole ? std::optional(SpanKind::kTask) : std::nullopt;
}

// Names of model calls in which no single word decides.
bool IsModelCallByPairs(const KeyWords& words) {
  return (words.HasAny({"stream"}) && words.HasAny({"text", "object"})) ||
         (words.HasAny({"model"}) && words.HasAny({"invoke", "call", "query"})) ||
         (words.HasAny({"image", "images", "aimage"}) &&
          words.HasAny({"edit", "variation", "generate", "create"}));
}

bool IsSearchByPairs(const KeyWords& words) {
  return words.HasAny({"search", "query", "retrieve", "find"}) &&
         words.HasAny({"document", "documents", "docs", "knowledge", "vector", "vectors", "chunks",
                       "passages"});
}

}  // namespace

std::optional<SpanKind> KindOfOperationFamily(std::string_view operation) {
  const KeyWords words(operation);
  if (words.size() == 0) {
    return std::nullopt;
  }
  if (const auto kind = KindOfPart(words)) {
    return kind;
  }
  for (std::size_t i = words.size(); i > 0; --i) {
    if (const auto kind = KindOfNoun(words[i - 1])) {
      // Messages are created in a thread; responses and completions are what a model creates.
      const bool is_stored_message = words[0] == "create" && words[i - 1] == "messages";
      const bool is_stored_thing =
          *kind == SpanKind::kLlm && i > 1 && (IsAdministration(words[0]) || is_stored_message);
      return is_stored_thing ? SpanKind::kOther : *kind;
    }
    if (!IsManner(words[i - 1])) {
      break;
    }
  }
  if (IsModelCallByPairs(words)) {
    return SpanKind::kLlm;
  }
  return IsSearchByPairs(words) ? std::optional(SpanKind::kRetriever) : std::nullopt;
}

}  // namespace sightline::normalize
