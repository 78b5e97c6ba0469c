// SPDX-License-Identifier: Apache-2.0
#include "normalize/span_reader.h"

#include <array>

#include "base/utf8.h"
#include "normalize/cost.h"
#include "normalize/errors.h"
#include "normalize/json.h"
#include "normalize/lists.h"
#include "normalize/provider.h"
#include "normalize/span_kind.h"
#include "normalize/timing.h"
#include "normalize/usage.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

using model::Dialect;
using model::Mark;
using model::SpanKind;

// Ranks of the field agent_name (docs/keys.md): keys that always hold it come before TraceLoop's
// entity name and OpenInference's graph node, which come before the Vercel AI SDK's function id.
constexpr std::uint8_t kLastSureAgentRank = 2;

bool IsOpenInferenceAgent(const Slots& slots) {
  return slots.has(Field::kOpenInferenceKind) &&
         (slots.value(Field::kOpenInferenceKind).bytes == "AGENT" ||
          slots.value(Field::kOpenInferenceKind).bytes == "agent");
}

bool IsTrue(const Slots& slots, Field field) {
  return slots.has(field) && ParseBool(slots.value(field)).value_or(false);
}

std::string_view RawText(const Slots& slots, Field field) {
  return slots.has(field) && slots.value(field).kind == otlp::ValueKind::kString
             ? slots.value(field).bytes
             : std::string_view();
}

// Proofs that lie in a value, not in a key.
DialectBits ProofsOfValues(const Slots& slots) {
  DialectBits bits = 0;
  if (RawText(slots, Field::kTelemetrySdk) == "openlit") {
    bits |= BitOf(Dialect::kOpenLit);
  }
  if (RawText(slots, Field::kAgentName) == "gemini-cli") {
    bits |= BitOf(Dialect::kGeminiCli);
  }
  if (RawText(slots, Field::kOperationName) == "agent_step") {
    bits |= BitOf(Dialect::kVercelAi7);
  }
  for (const Field field : {Field::kProvider, Field::kFramework}) {
    const std::string_view provider = RawText(slots, field);
    if (provider == "az.ai.inference" || provider == "az.ai.agents" ||
        provider == "azure.ai.agents" || provider == "microsoft.foundry") {
      bits |= BitOf(Dialect::kAzureAi);
    } else if (provider == "spring_ai") {
      bits |= BitOf(Dialect::kSpringAi);
    }
  }
  const std::string_view event = RawText(slots, Field::kEventName);
  if (event.starts_with("codex.")) {
    bits |= BitOf(Dialect::kCodex);
  } else if (event.starts_with("gemini_cli.")) {
    bits |= BitOf(Dialect::kGeminiCli);
  } else if (event.starts_with("claude_code.")) {
    bits |= BitOf(Dialect::kClaudeCode);
  }
  // Others use span.type, too: only Claude Code's own values prove it.
  const std::string_view type = RawText(slots, Field::kClaudeSpanType);
  if (type.empty() || !(slots.has(Field::kDuration) || slots.IsWaiting(Field::kDuration))) {
    return bits;
  }
  for (const NamedKind& kind : ClaudeCodeSpec().kinds) {
    if (type.ends_with(kind.name)) {
      bits |= BitOf(Dialect::kClaudeCode);
    }
  }
  return bits;
}

std::string_view WithoutQuotes(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == text.back() &&
                         (text.front() == '\'' || text.front() == '"');
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// The agent that the name of its span tells: "invoke_agent researcher", "agent_run [researcher]",
// "Agent run: 'researcher'"; "" if it tells none.
std::string_view AgentOfSpanName(std::string_view name, std::string_view operation) {
  constexpr auto kBeginnings = std::to_array<std::string_view>(
      {"invoke_agent ", "create_agent ", "agent_run ", "run_agent ",
       "agent run: ", "Agent run: ", "agent: ", "Agent: ", "invoke agent "});
  std::string_view agent;
  for (const std::string_view beginning : kBeginnings) {
    if (name.starts_with(beginning)) {
      agent = name.substr(beginning.size());
      break;
    }
  }
  if (agent.empty() && !operation.empty() && name.starts_with(operation) &&
      name.substr(operation.size()).starts_with(' ')) {
    agent = name.substr(operation.size() + 1);  // The form of all names in the conventions.
  }
  if (agent.starts_with('[') && agent.ends_with(']')) {
    agent = agent.substr(1, agent.size() - 2);
  }
  // A template that nobody filled in names no one.
  return agent.starts_with('{') ? std::string_view() : WithoutQuotes(agent);
}

}  // namespace

SpanReader::SpanReader(RequestContext& context, std::uint32_t resource, std::uint32_t scope,
                       const Slots& slots)
    : context_(context),
      resource_(context.ResourceAt(resource)),
      scope_(context.ScopeAt(scope)),
      slots_(slots) {}

DialectBits SpanReader::FindDialects(std::string_view name) const {
  DialectBits bits = slots_.proofs() | scope_.proofs | resource_.proofs | ProofsOfValues(slots_);
  for (const DialectSpec* spec : {&ClaudeCodeSpec(), &CodexSpec(), &GeminiCliSpec()}) {
    if (name.starts_with(spec->span_name_proof)) {
      bits |= BitOf(spec->dialect);
    }
  }
  return bits;
}

std::string_view SpanReader::Clean(std::string_view text) {
  if (base::IsValidUtf8(text)) {
    return text;
  }
  has_repaired_ = true;
  return Keep(base::RepairUtf8(text));
}

std::string_view SpanReader::Keep(const std::string& text) {
  return context_.arena_->Copy(text);
}

const Slots* SpanReader::Holder(Field field) const {
  if (slots_.has(field)) {
    return &slots_;
  }
  if (scope_.slots.has(field)) {
    return &scope_.slots;
  }
  return resource_.slots.has(field) ? &resource_.slots : nullptr;
}

std::string_view SpanReader::TextFrom(const Slots& slots, Field field) {
  std::string_view text = ScalarText(slots.value(field), *context_.arena_);
  if (slots.rule(field).form == Form::kQuoted && text.starts_with('"')) {
    text = Keep(Unquote(text));
  }
  return Clean(text);
}

std::string_view SpanReader::Text(Field field) {
  return slots_.has(field) ? TextFrom(slots_, field) : std::string_view();
}

std::string_view SpanReader::InheritedText(Field field) {
  const Slots* holder = Holder(field);
  return holder == nullptr ? std::string_view() : TextFrom(*holder, field);
}

void SpanReader::Fill(const DialectSpec* spec, std::span<const otlp::SpanEvent> events,
                      std::optional<SpanKind> known_kind, model::Span& out) {
  out.dialect = spec == nullptr ? Dialect::kNone : spec->dialect;
  const KindAnswer kind =
      known_kind ? KindAnswer{.kind = *known_kind} : DecideKind(slots_, out.name, spec);
  out.kind = kind.kind;
  FillCaller(out);
  FillModel(spec, out);
  FillAgent(out);
  FillTool(kind.is_declared, out);
  FillUsage(spec, out);
  FillMarks(out);
  FillFirstToken(events, out);
  FillFinishReasons(events, out);
  FillTags(out);
  FillPrompt(out);
  FillError(spec, events, out);
  FillDisplayName(out);
}

void SpanReader::FillCaller(model::Span& out) {
  out.service = resource_.facts.service;
  out.service_instance = resource_.facts.service_instance;
  out.scope = scope_.name;
  out.session_id = InheritedText(Field::kSessionId);
  out.user_id = InheritedText(Field::kUserId);
  out.environment = InheritedText(Field::kEnvironment);
  out.release = InheritedText(Field::kRelease);
  out.run_id = InheritedText(Field::kRunId);
  out.workflow_name = InheritedText(Field::kWorkflowName);
  out.workflow_id = InheritedText(Field::kWorkflowId);
}

void SpanReader::FillModel(const DialectSpec* spec, model::Span& out) {
  const bool is_call = model::IsModelCall(out.kind);
  const auto text = [&](Field field) { return is_call ? InheritedText(field) : Text(field); };
  out.operation = Text(Field::kOperation);
  out.request_model = text(Field::kRequestModel);
  out.response_model = text(Field::kResponseModel);
  if (out.dialect == Dialect::kClaudeCode && slots_.has(Field::kCallKey)) {
    // The only id that its spans and its log events share.
    out.response_id = Text(Field::kCallKey);
  } else {
    out.response_id = Text(Field::kResponseId);
  }
  if (const auto provider = text(Field::kProvider); !provider.empty()) {
    // Most spans of a request name the same provider.
    auto& [wire, name] = context_.last_provider_;
    if (wire != provider) {
      name = ProviderName(provider, *context_.arena_);
      wire = provider;
    }
    out.provider = name;
  } else if (!out.model().empty()) {
    out.provider = ProviderOfModel(out.model());
  }
  if (const auto framework = InheritedText(Field::kFramework); !framework.empty()) {
    out.framework = FrameworkName(framework);
  } else if (!scope_.framework.empty()) {
    out.framework = scope_.framework;
  } else if (spec != nullptr) {
    const bool is_plain = out.dialect == Dialect::kGenAi ||
                          out.dialect == Dialect::kGenAiDeprecated ||
                          out.dialect == Dialect::kLifecycle;
    out.framework = !spec->framework.empty() ? spec->framework
                    : is_plain               ? std::string_view()
                                             : model::DialectName(out.dialect);
  }
  const std::string_view vercel = RawText(slots_, Field::kVercelOperation);
  out.is_streaming = slots_.has(Field::kStreaming) ? IsTrue(slots_, Field::kStreaming)
                                                   : vercel.starts_with("ai.stream");
}

void SpanReader::FillTool(bool is_declared_kind, model::Span& out) {
  out.tool_name = Text(Field::kToolName);
  out.tool_call_id = Text(Field::kToolCallId);
  out.tool_type = Text(Field::kToolType);
  if (out.kind != SpanKind::kTool) {
    return;
  }
  if (slots_.has(Field::kToolArguments)) {
    out.arguments_hash = HashOf(slots_.value(Field::kToolArguments));
  }
  if (!out.tool_name.empty()) {
    return;
  }
  out.tool_name = Text(Field::kEntityName);
  if (out.tool_name.empty() && out.dialect == Dialect::kPydanticAi) {
    out.tool_name = Text(Field::kLogfireName);
  }
  constexpr std::string_view kNamePrefix = "execute_tool ";
  if (out.tool_name.empty() && out.name.starts_with(kNamePrefix)) {
    out.tool_name = out.name.substr(kNamePrefix.size());
  } else if (out.tool_name.empty() && is_declared_kind) {
    out.tool_name = out.name;  // Tracers with a kind attribute name a tool's span after the tool.
  }
}

void SpanReader::FillAgent(model::Span& out) {
  if (slots_.rank(Field::kAgentName) <= kLastSureAgentRank) {
    out.agent_name = Text(Field::kAgentName);
  } else if (out.kind == SpanKind::kAgent && slots_.has(Field::kEntityName)) {
    out.agent_name = Text(Field::kEntityName);
  } else if (IsOpenInferenceAgent(slots_) && slots_.has(Field::kGraphNode)) {
    out.agent_name = Text(Field::kGraphNode);
  } else {
    out.agent_name = InheritedText(Field::kAgentName);
  }
  if (out.agent_name.empty()) {
    out.agent_name = AgentOfMetadata();
  }
  if (out.agent_name.empty() && out.kind == SpanKind::kAgent &&
      out.dialect == Dialect::kPydanticAi) {
    out.agent_name = Text(Field::kLogfireName);
  }
  if (out.agent_name.empty() && out.kind == SpanKind::kAgent) {
    out.agent_name = AgentOfSpanName(out.name, out.operation);
    // The Vercel AI SDK names the model there.
    if (out.agent_name == out.request_model || out.agent_name == out.response_model) {
      out.agent_name = {};
    }
  }
  const bool is_run_id =
      out.dialect == Dialect::kTraceloop && scope_.name.find("langchain") != std::string_view::npos;
  if (!is_run_id) {
    out.agent_id = InheritedText(Field::kAgentId);
  }
}

// LangChain names its agents in metadata, which some tracers write as one JSON object.
std::string_view SpanReader::AgentOfMetadata() {
  constexpr std::string_view kName = "lc_agent_name";
  if (RawText(slots_, Field::kMetadata).find(kName) == std::string_view::npos) {
    return {};
  }
  const auto metadata = ParseStructure(slots_.value(Field::kMetadata).bytes);
  return metadata ? Clean(Keep(std::string(TextMember(*metadata, {kName})))) : std::string_view();
}

void SpanReader::FillUsage(const DialectSpec* spec, model::Span& out) {
  const StatedUsage stated = ReadUsage(slots_, spec, out.provider, out.model());
  out.usage = stated.usage;
  out.usage_details = stated.details;
  if (model::IsModelCall(out.kind)) {
    out.service_tier = Text(Field::kServiceTier);
    out.region = Text(Field::kRegion);
  }
  if (const auto cost = ReadCost(slots_)) {
    out.cost = *cost;
    out.cost_status = model::CostStatus::kReported;
  }
}

void SpanReader::FillMarks(model::Span& out) {
  if (resource_.facts.is_demo || IsTrue(slots_, Field::kDemo)) {
    out.set_mark(Mark::kDemo);
  }
  if (IsTrue(slots_, Field::kAppRoot)) {
    out.set_mark(Mark::kAppRoot);
  }
  if (RawText(slots_, Field::kLogfireSpanType) == "log") {
    out.set_mark(Mark::kIsLogLike);
  }
  // Google ADK's sum of parallel tool calls, and the set-up of an agent.
  if (out.tool_name == "(merged tools)" || out.operation == "create_agent") {
    out.set_mark(Mark::kNotACall);
  }
  if (out.dialect == Dialect::kLifecycle) {
    out.set_mark(Mark::kDerivedIds);
  }
  if (out.dialect == Dialect::kStrands && out.kind == SpanKind::kAgent && out.usage.is_known()) {
    out.set_mark(Mark::kLifetimeUsage);
  }
}

void SpanReader::FillFirstToken(std::span<const otlp::SpanEvent> events, model::Span& out) {
  if (const auto wait = ReadTimeToFirstToken(slots_, events, context_.request_->attributes,
                                             out.dialect, out.start_ns)) {
    out.time_to_first_token_ns = *wait;
  }
}

void SpanReader::FillFinishReasons(std::span<const otlp::SpanEvent> events, model::Span& out) {
  const std::string reasons = ReadFinishReasons(slots_, events, context_.request_->attributes);
  if (!reasons.empty()) {
    out.finish_reasons = Clean(Keep(reasons));
  }
}

void SpanReader::FillTags(model::Span& out) {
  const Slots* holder = Holder(Field::kTags);
  const std::string tags =
      holder != nullptr ? ListText(holder->value(Field::kTags), holder->rule(Field::kTags).form)
                        : TraceTags(slots_);
  if (!tags.empty()) {
    out.tags = Clean(Keep(tags));
  }
}

// Of the prompts that MLflow lists the last one counts.
void SpanReader::FillPrompt(model::Span& out) {
  out.prompt_name = Text(Field::kPromptName);
  out.prompt_version = Text(Field::kPromptVersion);
  if (!slots_.has(Field::kLinkedPrompts) || !out.prompt_version.empty()) {
    return;
  }
  json::value linked = ToJson(slots_.value(Field::kLinkedPrompts));
  if (linked.is_string()) {
    linked = ParseStructure(linked.get_string()).value_or(json::value());
  }
  if (!linked.is_array() || linked.get_array().empty()) {
    return;
  }
  const json::value& last = linked.get_array().back();
  out.prompt_name = Clean(Keep(std::string(TextMember(last, {"name"}))));
  if (const json::value* const version = Member(last, {"version"})) {
    out.prompt_version = Clean(Keep(TextOrJson(*version)));
  }
}

void SpanReader::FillError(const DialectSpec* spec, std::span<const otlp::SpanEvent> events,
                           model::Span& out) {
  const ErrorFacts error = ReadError(slots_, events, context_.request_->attributes, out.status,
                                     out.status_message, out.dialect, out.kind, *context_.arena_);
  out.has_error = error.has_error;
  out.error_type = Clean(error.type);
  out.error_message = Clean(error.message);
  const bool says_so =
      spec != nullptr && !spec->failure_span_name.empty() && spec->failure_span_name == out.name;
  if (!out.has_error && says_so) {
    out.has_error = true;
    out.error_type = "tool_error";
    out.error_message = Text(Field::kErrorMessage);
  }
}

void SpanReader::FillDisplayName(model::Span& out) {
  std::string_view name;
  if (out.kind == SpanKind::kTool) {
    name = out.tool_name;
  } else if (out.kind == SpanKind::kAgent) {
    name = out.agent_name;
  }
  if (name.empty()) {
    name = Text(Field::kDisplayName);
  }
  if (name != out.name) {
    out.display_name = name;
  }
}

}  // namespace sightline::normalize
