// SPDX-License-Identifier: Apache-2.0
#include "demo/coding_tools.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/check.h"
#include "base/time_text.h"
#include "demo/random.h"

namespace sightline::demo {
namespace {

// More than the 32,000 tokens of the smallest model that codes, with some history before it.
constexpr std::size_t kCiLogBytes = 110'000;

// Calls `visit(number, line)` for each line, from 1.
template <typename Visitor>
void ForEachLine(std::string_view text, Visitor&& visit) {
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Patterns of the stock escape single characters only.
std::string Unescape(std::string_view pattern) {
  std::string text(pattern);
  std::erase(text, '\\');
  return text;
}

}  // namespace

const ToolDefinition& CodingTool(std::string_view name) {
  const auto found = std::ranges::find(AllCodingTexts().tools, name, &ToolDefinition::name);
  CHECK(found != AllCodingTexts().tools.end());
  return *found;
}

std::string FileList(const CodingTask& task) {
  std::string list = ".editorconfig\n.gitignore\nREADME.md\n";
  for (const CodeFile& file : task.files) {
    list += fmt::format("{} ({} bytes)\n", file.path, file.text.size());
  }
  return list + "ci/last_run.log\nci/pipeline.yml\n";
}

std::string SearchResult(const CodingTask& task, std::string_view pattern) {
  const std::string literal = Unescape(pattern);
  std::string hits;
  for (const CodeFile& file : task.files) {
    ForEachLine(file.text, [&](std::int64_t number, std::string_view line) {
      if (line.find(literal) != std::string_view::npos) {
        hits += fmt::format("{}:{}: {}\n", file.path, number, line);
      }
    });
  }
  return hits.empty() ? "no matches" : hits;
}

std::string NumberedLines(std::string_view text, std::int64_t offset, std::int64_t limit) {
  std::string lines;
  ForEachLine(text, [&](std::int64_t number, std::string_view line) {
    if (number >= offset && number < offset + limit) {
      lines += fmt::format("{:6}\t{}\n", number, line);
    }
  });
  return lines;
}

std::string DiffStat(const CodingTask& task, std::size_t edits_done) {
  std::map<std::string_view, int> changed;
  for (std::size_t i = 0; i < std::min(edits_done, task.edits.size()); ++i) {
    ++changed[task.edits[i].path];
  }
  if (changed.empty()) {
    return "(no changes)";
  }
  std::string text;
  for (const auto& [path, count] : changed) {
    text += fmt::format(" {} | {} {}{}\n", path, 2 * count,
                        std::string(static_cast<std::size_t>(count), '+'),
                        std::string(static_cast<std::size_t>(count), '-'));
  }
  return text + fmt::format(" {} files changed\n", changed.size());
}

std::string CiLog(const CodingTask& task, std::int64_t now_ns, Random& random) {
  std::string log = fmt::format("$ {}\n", task.test_command);
  std::int64_t at = now_ns - std::int64_t{3'600'000'000'000};
  while (log.size() < kCiLogBytes) {
    at += random.Between(1'000'000, 90'000'000);
    log += fmt::format("{} [{:04x}] {} #{}\n", base::FormatTimeNs(at), random.Between(0, 65'535),
                       random.Pick(AllCodingTexts().ci_log_lines), random.Between(1, 4000));
  }
  return log;
}

}  // namespace sightline::demo
