// SPDX-License-Identifier: Apache-2.0
#include "model/run_labels.h"

#include <algorithm>
#include <cstddef>

#include "base/json_scan.h"
#include "base/utf8.h"
#include "model/name_set.h"
#include "model/run_record.h"

namespace sightline::model {
namespace {

void AddNames(std::string_view set, std::size_t most, std::vector<std::string>& names) {
  ForEachInSet(set, [&](std::string_view name) {
    if (names.size() < most && std::find(names.begin(), names.end(), name) == names.end()) {
      names.emplace_back(name);
    }
  });
}

}  // namespace

std::string TagSetOf(const Span& span) {
  std::string set;
  const bool is_root = span.is_root() || span.has_mark(Mark::kAppRoot);
  if (span.tags.empty() || (span.dialect == Dialect::kLangSmith && !is_root)) {
    return set;
  }
  base::ForEachJsonElement(span.tags, [&](std::string_view raw) {
    const std::string tag = base::UnescapeJsonString(raw);
    const std::string_view cut = base::TruncateUtf8(tag, RunRecord::kMaxTagBytes);
    constexpr std::size_t kSeparators = 2;
    if (!cut.empty() && set.size() + cut.size() + kSeparators <= RunRecord::kMaxTextBytes) {
      AddToSet(set, cut);
    }
  });
  return set;
}

std::string PromptSetOf(const Span& span) {
  if (span.prompt_version.empty()) {
    return {};
  }
  std::string label(span.prompt_name);
  label += label.empty() ? "" : "@";
  label += span.prompt_version;
  return InSet(base::TruncateUtf8(label, RunRecord::kMaxTagBytes));
}

void AddTags(std::string_view set, std::vector<std::string>& tags) {
  AddNames(set, RunRecord::kMaxTags, tags);
}

void AddPrompts(std::string_view set, std::vector<std::string>& prompts) {
  AddNames(set, RunRecord::kMaxNames, prompts);
}

}  // namespace sightline::model
