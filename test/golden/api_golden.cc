// SPDX-License-Identifier: Apache-2.0
// Golden tests of the HTTP API over the whole server: api/<world>/world.json is what was received
// (see api_world.h), <case>.ask what is asked then, a question a line, and <case>.txt the answers.
//
//   GET /api/v1/observability/traces?limit=2
//   GET /api/v1/observability/traces?limit=2&cursor=${next_cursor}
//   GET /api/v1/observability/overview | system_health
//   PUT /api/v1/cost-tracking/prices/own/m {"input_per_million": 1}
//
// `${name}` is a member of the answer before; what stands after ` | ` is the member to be shown.
// Each question is asked twice: of a server that holds everything in memory, and of one that was
// stopped and started since, and has everything on disk. The answers must be the same, unless a
// line of the case says `once`: it asks for what only memory knows, or changes something.
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api_world.h"
#include "base/json_scan.h"
#include "golden_runner.h"
#include "json_layout.h"
#include "net/http.h"

namespace sightline::golden {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::vector<std::string> questions;
  bool is_once = false;
};

Case ReadCase(const fs::path& file) {
  Case read;
  std::istringstream lines(ReadFile(file));
  for (std::string line; std::getline(lines, line);) {
    if (line == "once") {
      read.is_once = true;
    } else if (!line.empty() && !line.starts_with('#')) {
      read.questions.push_back(line);
    }
  }
  return read;
}

// The text with each `${name}` replaced by that member of the answer.
std::string Fill(std::string text, const std::string& answer) {
  for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at)) {
    const std::size_t end = text.find('}', at);
    const std::string member = MemberOf(answer, text.substr(at + 2, end - at - 2));
    text.replace(at, end - at + 1,
                 member.starts_with('"') ? base::UnescapeJsonString(member) : member);
  }
  return text;
}

struct Question {
  std::string method;
  std::string target;
  std::string body;
  std::string member;
};

Question Parse(std::string line) {
  Question question;
  if (const auto bar = line.find(" | "); bar != std::string::npos) {
    question.member = line.substr(bar + 3);
    line.resize(bar);
  }
  const auto method_end = line.find(' ');
  const auto target_end = line.find(' ', method_end + 1);
  question.method = line.substr(0, method_end);
  question.target = line.substr(method_end + 1, target_end - method_end - 1);
  if (target_end != std::string::npos) {
    question.body = line.substr(target_end + 1);
  }
  return question;
}

std::string Show(const net::HttpResponse& answer, const std::string& member) {
  std::string text = fmt::format("{}", answer.status);
  for (const std::string_view name : {"Allow", "Retry-After", "Location"}) {
    if (const auto value = answer.headers.Find(name)) {
      text += fmt::format(" {}: {}", name, *value);
    }
  }
  text += '\n';
  if (answer.content_type != "application/json") {
    return text + answer.body;
  }
  return text + LayOutJson(member.empty() ? answer.body : MemberOf(answer.body, member));
}

std::string AskAll(const World& world, const Case& asked) {
  std::string text;
  std::string before;
  for (const std::string& line : asked.questions) {
    const Question question = Parse(Fill(line, before));
    const net::HttpResponse answer = world.Ask(question.method, question.target, question.body);
    if (question.method != "GET") {
      world.Settle();
    }
    text += fmt::format("{}\n{}\n\n", line, Show(answer, question.member));
    before = answer.body;
  }
  text.pop_back();
  return text;
}

// The servers of one world, which live from case to case until one changes something.
class Servers {
 public:
  std::string Render(const fs::path& input) {
    const fs::path file = input.parent_path() / "world.json";
    const Case asked = ReadCase(input);
    if (asked.is_once) {
      return AskAll(World(file), asked);
    }
    if (file != file_) {
      in_memory_.emplace(file);
      on_disk_.emplace(file);
      on_disk_->Restart();
      file_ = file;
    }
    const std::string text = AskAll(*in_memory_, asked);
    EXPECT_EQ(AskAll(*on_disk_, asked), text) << "after a restart: " << input;
    return text;
  }

 private:
  fs::path file_;
  std::optional<World> in_memory_;
  std::optional<World> on_disk_;
};

bool IsCase(const fs::path& file) {
  return file.extension() == ".ask";
}

}  // namespace
}  // namespace sightline::golden

int main(int argc, char** argv) {
  sightline::golden::Servers servers;
  return sightline::golden::RunGolden(
      argc, argv, sightline::golden::IsCase,
      [&servers](const std::filesystem::path& input) { return servers.Render(input); });
}
