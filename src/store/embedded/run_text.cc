// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/run_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/embedded/search_pattern.h"

namespace sightline::store::embedded {

RunText::RunText(std::string_view text)
    : source_(SearchPattern(text)), pattern_(source_, RE2::Quiet) {}

bool RunText::Occurs(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern_);
}

bool RunText::OccursIn(const model::RunRecord& run) const {
  for (const std::string* text :
       {&run.name, &run.run_id, &run.workflow_id, &run.workflow_name, &run.session_id, &run.user_id,
        &run.error_message, &run.version}) {
    if (Occurs(*text)) {
      return true;
    }
  }
  for (const auto* names :
       {&run.agents, &run.models, &run.services, &run.tags, &run.prompt_versions}) {
    if (std::any_of(names->begin(), names->end(),
                    [&](const std::string& name) { return Occurs(name); })) {
      return true;
    }
  }
  return false;
}

// The columns of run_row.h; sets are members with a separator between them.
std::string_view RunText::Columns() {
  return "concat_ws(chr(30), name, run_id, workflow_id, workflow_name, session_id, user_id, "
         "error_message, version, agents, models, services, tags, prompt_versions)";
}

std::string RunText::Condition() const {
  return fmt::format("regexp_matches({}, '{}')", Columns(), source_);
}

}  // namespace sightline::store::embedded
