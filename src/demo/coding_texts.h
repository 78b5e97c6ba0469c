// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "demo/conversation.h"

namespace sightline::demo {

// The coding agent's stock: tasks, the files they are about, and what the agent says on the way.

struct CodeFile {
  std::string_view path;
  std::string_view text;
};

struct CodeEdit {
  std::string_view path;
  std::string_view old_text;
  std::string_view new_text;
};

struct CodingTask {
  std::string_view repository;
  std::string_view request;
  std::string_view test_command;
  std::vector<CodeFile> files;
  std::vector<CodeEdit> edits;
  std::vector<std::string_view> symbols;  // What is searched for.
  std::string_view failing_output;
  std::string_view passing_output;
  std::string_view summary;
};

// data/coding.json.
struct CodingTexts {
  std::string_view instructions;
  std::vector<ToolDefinition> tools;
  std::vector<CodingTask> tasks;
  std::vector<std::string_view> reading_thoughts;  // With {file}.
  std::vector<std::string_view> editing_thoughts;  // With {file}.
  std::vector<std::string_view> testing_thoughts;
  std::vector<std::string_view> ci_log_lines;
};

// Read once, at the first call; lives as long as the program. Any thread.
const CodingTexts& AllCodingTexts();

}  // namespace sightline::demo
