// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

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
  std::span<const CodeFile> files;
  std::span<const CodeEdit> edits;
  std::span<const std::string_view> symbols;  // What is searched for.
  std::string_view failing_output;
  std::string_view passing_output;
  std::string_view summary;
};

extern const std::string_view kCoderInstructions;
extern const std::span<const ToolDefinition> kCodingTools;
extern const std::span<const CodingTask> kCodingTasks;
extern const std::span<const std::string_view> kReadingThoughts;  // With {file}.
extern const std::span<const std::string_view> kEditingThoughts;  // With {file}.
extern const std::span<const std::string_view> kTestingThoughts;

}  // namespace sightline::demo
