// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/span.h"

namespace sightline::model {

// What a span says of its run's tags and prompt versions, as sets (name_set.h) of at most
// RunRecord::kMaxTextBytes; names are cut at RunRecord::kMaxTagBytes.

// Of LangSmith's tags those of the root only: it marks every span inside with its place in a chain.
std::string TagSetOf(const Span& span);

// "name@version", or the version alone where the prompt has no name; "" without a version.
std::string PromptSetOf(const Span& span);

// Adds the names that a list does not have yet, up to RunRecord::kMaxTags and kMaxNames.
void AddTags(std::string_view set, std::vector<std::string>& tags);
void AddPrompts(std::string_view set, std::vector<std::string>& prompts);

}  // namespace sightline::model
