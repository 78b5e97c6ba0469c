// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "demo/coding_texts.h"

namespace sightline::demo {

class Random;

// What the coding agent's tools answer.

// Precondition: there is a tool of that name.
const ToolDefinition& CodingTool(std::string_view name);

std::string FileList(const CodingTask& task);

// "path:line: text" for each line that holds the literal part of `pattern`.
std::string SearchResult(const CodingTask& task, std::string_view pattern);

// Lines from `offset` (1 is the first), as `cat -n` prints them.
std::string NumberedLines(std::string_view text, std::int64_t offset, std::int64_t limit);

// `git diff --stat` after the first `edits_done` edits.
std::string DiffStat(const CodingTask& task, std::size_t edits_done);

// A log of a CI run, longer than a small model can read.
std::string CiLog(const CodingTask& task, std::int64_t now_ns, Random& random);

}  // namespace sightline::demo
