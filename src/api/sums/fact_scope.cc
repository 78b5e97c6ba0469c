// SPDX-License-Identifier: Apache-2.0
#include "api/sums/fact_scope.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/kinds.h"
#include "model/run_status.h"

namespace sightline::api {
namespace {

using query::FactKey;

constexpr std::array<FactField, query::kFactKeys> kFields = {{
    {FactKey::kWorkflow, "workflow_id", true, true},
    {FactKey::kAgent, "agent", true, true},
    {FactKey::kName, "step_name", false, true},
    {FactKey::kModel, "model", false, true},
    {FactKey::kService, "service", true, true},
    {FactKey::kErrorType, "error_type", true, true},
    {FactKey::kSession, "session_id", true, true},
    {FactKey::kUser, "user_id", true, true},
    {FactKey::kKind, "kind", false, true},
    {FactKey::kStatus, "status", true, true},
    {FactKey::kVersion, "version", true, true},
    {FactKey::kEnvironment, "environment", true, true},
    {FactKey::kTag, "tag", true, true},
    {FactKey::kPromptVersion, "prompt_version", true, true},
}};

bool IsOf(const FactField& field, bool of_runs) {
  return of_runs ? field.is_of_runs : field.is_of_steps;
}

std::vector<std::string_view> NamesOf(bool of_runs) {
  std::vector<std::string_view> names;
  for (const FactField& field : kFields) {
    if (IsOf(field, of_runs)) {
      names.push_back(field.name);
    }
  }
  return names;
}

const FactField* FindField(std::string_view name) {
  const auto* const found = std::find_if(
      kFields.begin(), kFields.end(), [&](const FactField& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : found;
}

base::Result<bool> IsOfRuns(const Parameters& parameters, const std::vector<std::string>& keys) {
  if (const auto of = parameters.Text("of")) {
    if (*of != "runs" && *of != "steps") {
      return BadParameter("of", "runs or steps");
    }
    return *of == "runs";
  }
  const bool has_step_filter =
      std::any_of(kFields.begin(), kFields.end(), [&](const FactField& field) {
        return !field.is_of_runs && parameters.Text(field.name).has_value();
      });
  const bool has_step_key = std::any_of(keys.begin(), keys.end(), [](const std::string& name) {
    const FactField* const field = FindField(name);
    return field != nullptr && !field->is_of_runs;
  });
  return !has_step_filter && !has_step_key;
}

base::Result<void> CheckValue(const FactField& field, const std::string& value) {
  if (field.key == FactKey::kKind && !model::ParseSpanKind(value)) {
    return BadParameter(field.name, "a kind of step such as llm or tool");
  }
  if (field.key == FactKey::kStatus && !model::ParseRunStatus(value)) {
    return BadParameter(field.name, "running, completed, failed, cancelled or abandoned");
  }
  return {};
}

}  // namespace

std::span<const FactField> FactFields() {
  return kFields;
}

std::vector<std::string> SplitNames(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (end > 0) {
      names.emplace_back(list.substr(0, end));
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

base::Result<FactScope> FactScope::ReadFilters(const Parameters& parameters,
                                               const base::Clock& clock, bool of_runs) {
  FactScope scope{.period = TRY(Period::Read(parameters, clock, 30)), .facts = {}, .keys = {}};
  scope.facts.of_runs = of_runs;
  scope.facts.start_time_ns = scope.period.start_ns;
  scope.facts.end_time_ns = scope.period.end_ns;
  for (const FactField& field : kFields) {
    auto value = parameters.Text(field.name);
    if (!value) {
      continue;
    }
    if (!IsOf(field, scope.facts.of_runs)) {
      return BadParameter(field.name, "of=steps with it");
    }
    TRY(CheckValue(field, *value));
    scope.facts.filter(field.key) = std::move(value);
  }
  return scope;
}

base::Result<FactScope> FactScope::ReadOfSteps(const Parameters& parameters,
                                               const base::Clock& clock) {
  return ReadFilters(parameters, clock, false);
}

base::Result<FactScope> FactScope::Read(const Parameters& parameters, const base::Clock& clock,
                                        std::string_view keys_name, std::size_t most_keys) {
  const std::vector<std::string> names = SplitNames(parameters.Text(keys_name).value_or(""));
  const bool of_runs = TRY(IsOfRuns(parameters, names));
  FactScope scope = TRY(ReadFilters(parameters, clock, of_runs));
  for (const std::string& name : names) {
    const FactField* const field = FindField(name);
    const bool is_new =
        field != nullptr && IsOf(*field, scope.facts.of_runs) &&
        std::find(scope.keys.begin(), scope.keys.end(), field->key) == scope.keys.end();
    if (!is_new || scope.keys.size() == most_keys) {
      return BadParameter(keys_name, fmt::format("at most {} different ones of {}", most_keys,
                                                 fmt::join(NamesOf(scope.facts.of_runs), ", ")));
    }
    scope.keys.push_back(field->key);
  }
  return scope;
}

}  // namespace sightline::api
