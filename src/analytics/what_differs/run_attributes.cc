// SPDX-License-Identifier: Apache-2.0
#include "analytics/what_differs/run_attributes.h"

#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

#include "model/money.h"
#include "model/run_status.h"
#include "model/saturating.h"
#include "model/usage.h"

namespace sightline::analytics {
namespace {

constexpr std::size_t kMostNames = 256;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

using Runs = std::span<const model::RunRecord>;
using IsWanted = std::function<bool(std::string_view)>;

double KnownCount(std::int64_t count) {
  return count == model::Usage::kUnknown ? kMissing : static_cast<double>(count);
}

double DurationOf(const model::RunRecord& run) {
  return run.ended_ns() == 0
             ? kMissing
             : static_cast<double>(model::DurationNs(run.start_ns, run.end_ns)) / 1e9;
}

double CostOf(const model::RunRecord& run) {
  const bool is_known = run.cost_status == model::CostStatus::kPriced ||
                        run.cost_status == model::CostStatus::kReported;
  return is_known ? run.cost.dollars() : kMissing;
}

class Columns {
 public:
  Columns(Runs runs, const IsWanted& is_wanted) : runs_(runs), is_wanted_(is_wanted) {}

  template <typename TextOf>
  void AddText(std::string_view name, TextOf&& text_of) {
    if (!is_wanted_(name)) {
      return;
    }
    RunColumn column{.name = std::string(name), .texts = {}, .codes = {}, .numbers = {}};
    std::unordered_map<std::string_view, std::uint32_t> codes;
    for (const model::RunRecord& run : runs_) {
      const std::string_view text = text_of(run);
      if (text.empty()) {
        column.codes.push_back(RunColumn::kNoText);
        continue;
      }
      const auto next = static_cast<std::uint32_t>(codes.size());
      const auto [code, is_new] = codes.emplace(text, next);
      if (is_new) {
        column.texts.emplace_back(text);
      }
      column.codes.push_back(code->second);
    }
    columns_.push_back(std::move(column));
  }

  template <typename NumberOf>
  void AddNumber(std::string_view name, NumberOf&& number_of) {
    if (!is_wanted_(name)) {
      return;
    }
    RunColumn column{.name = std::string(name), .texts = {}, .codes = {}, .numbers = {}};
    for (const model::RunRecord& run : runs_) {
      column.numbers.push_back(number_of(run));
    }
    columns_.push_back(std::move(column));
  }

  // A column for each name that some run has.
  void AddNames(std::string_view prefix, std::vector<std::string> model::RunRecord::* names) {
    std::unordered_map<std::string_view, std::size_t> places;
    const std::size_t begin = columns_.size();
    for (std::size_t run = 0; run < runs_.size(); ++run) {
      for (const std::string& text : runs_[run].*names) {
        const std::string name = std::string(prefix) + text;
        auto place = places.find(text);
        if (place == places.end()) {
          if (places.size() == kMostNames || !is_wanted_(name)) {
            continue;
          }
          place = places.emplace(text, begin + places.size()).first;
          columns_.push_back({.name = name,
                              .texts = {"yes"},
                              .codes = std::vector<std::uint32_t>(runs_.size(), RunColumn::kNoText),
                              .numbers = {}});
        }
        columns_[place->second].codes[run] = 0;
      }
    }
  }

  std::vector<RunColumn> Take() { return std::move(columns_); }

 private:
  Runs runs_;
  const IsWanted& is_wanted_;
  std::vector<RunColumn> columns_;
};

}  // namespace

std::vector<RunColumn> AttributesOf(Runs runs, const IsWanted& is_wanted) {
  using model::RunRecord;
  Columns columns(runs, is_wanted);
  const std::pair<std::string_view, std::string RunRecord::*> texts[] = {
      {"workflow_id", &RunRecord::workflow_id},
      {"name", &RunRecord::name},
      {"agent", &RunRecord::agent},
      {"service", &RunRecord::service},
      {"session_id", &RunRecord::session_id},
      {"user_id", &RunRecord::user_id},
      {"error_type", &RunRecord::error_type},
      {"version", &RunRecord::version},
      {"environment", &RunRecord::environment}};
  for (const auto& [name, member] : texts) {
    columns.AddText(
        name, [member = member](const RunRecord& run) -> std::string_view { return run.*member; });
  }
  columns.AddText("status", [](const RunRecord& run) { return model::RunStatusName(run.status); });
  columns.AddNames("agent.", &RunRecord::agents);
  columns.AddNames("model.", &RunRecord::models);
  columns.AddNames("service.", &RunRecord::services);
  columns.AddNames("tag.", &RunRecord::tags);
  columns.AddNames("prompt_version.", &RunRecord::prompt_versions);
  const std::pair<std::string_view, std::uint32_t RunRecord::*> counts[] = {
      {"step_count", &RunRecord::step_count},
      {"failed_steps", &RunRecord::failed_steps},
      {"model_calls", &RunRecord::model_calls},
      {"tool_calls", &RunRecord::tool_calls}};
  for (const auto& [name, member] : counts) {
    columns.AddNumber(
        name, [member = member](const RunRecord& run) { return static_cast<double>(run.*member); });
  }
  columns.AddNumber("input_tokens",
                    [](const RunRecord& run) { return KnownCount(run.usage.input_total); });
  columns.AddNumber("output_tokens",
                    [](const RunRecord& run) { return KnownCount(run.usage.output_total); });
  columns.AddNumber("duration", DurationOf);
  columns.AddNumber("cost", CostOf);
  return columns.Take();
}

}  // namespace sightline::analytics
