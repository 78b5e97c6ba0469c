// SPDX-License-Identifier: Apache-2.0
#include "demo/coding_texts.h"

#include "base/arena.h"
#include "demo/data_file.h"

namespace sightline::demo {
namespace {

CodeFile ReadFile(const DataObject& file) {
  return {.path = file.Text("path"), .text = file.Text("text")};
}

CodeEdit ReadEdit(const DataObject& edit) {
  return {.path = edit.Text("path"),
          .old_text = edit.Text("old_text"),
          .new_text = edit.Text("new_text")};
}

CodingTask ReadTask(const DataObject& task) {
  return {.repository = task.Text("repository"),
          .request = task.Text("request"),
          .test_command = task.Text("test_command"),
          .files = task.List("files", ReadFile),
          .edits = task.List("edits", ReadEdit),
          .symbols = task.Texts("symbols"),
          .failing_output = task.Text("failing_output"),
          .passing_output = task.Text("passing_output"),
          .summary = task.Text("summary")};
}

CodingTexts Read(const DataObject& file) {
  return {.instructions = file.Text("instructions"),
          .tools = file.Tools("tools"),
          .tasks = file.List("tasks", ReadTask),
          .reading_thoughts = file.Texts("reading_thoughts"),
          .editing_thoughts = file.Texts("editing_thoughts"),
          .testing_thoughts = file.Texts("testing_thoughts"),
          .ci_log_lines = file.Texts("ci_log_lines")};
}

}  // namespace

const CodingTexts& AllCodingTexts() {
  static base::Arena arena;
  static const CodingTexts texts = ReadData("coding", arena, Read);
  return texts;
}

}  // namespace sightline::demo
