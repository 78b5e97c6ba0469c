// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/step_role.h"

#include <algorithm>
#include <string>

namespace sightline::analytics::blame {
namespace {

constexpr std::string_view kToolWords[] = {
    "tool",     "tools",   "terminal", "computer", "shell",       "console",  "environment",
    "executor", "sandbox", "code",     "python",   "interpreter", "function", "observation"};
// Alone, these can be the name of an agent.
constexpr std::string_view kAlsoAgents[] = {"computer", "executor", "code", "python", "function"};
constexpr std::string_view kPersonWords[] = {"user", "human", "customer", "client", "person"};
constexpr std::string_view kSystemWords[] = {"system", "developer"};
constexpr std::string_view kChangingVerbs[] = {
    "add",      "apply",    "approve", "assign",  "book",     "buy",    "cancel", "change",
    "charge",   "close",    "commit",  "create",  "delete",   "deploy", "drop",   "edit",
    "exchange", "execute",  "insert",  "issue",   "merge",    "modify", "move",   "order",
    "pay",      "place",    "post",    "publish", "purchase", "push",   "put",    "refund",
    "remove",   "rename",   "replace", "reset",   "restart",  "return", "send",   "set",
    "submit",   "transfer", "update",  "upload",  "write"};

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}

// "ComputerTerminal" and "computer_terminal" are two words each.
std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words(1);
  char previous = ' ';
  for (const char c : name) {
    const bool begins = IsUpper(c) && IsLower(previous);
    if ((begins || !(IsUpper(c) || IsLower(c))) && !words.back().empty()) {
      words.emplace_back();
    }
    if (IsUpper(c)) {
      words.back().push_back(static_cast<char>(c - 'A' + 'a'));
    } else if (IsLower(c)) {
      words.back().push_back(c);
    }
    previous = c;
  }
  if (words.back().empty()) {
    words.pop_back();
  }
  return words;
}

template <std::size_t N>
bool ConsistsOf(const std::vector<std::string>& words, const std::string_view (&known)[N]) {
  return !words.empty() && std::ranges::all_of(words, [&](const std::string& word) {
    return std::ranges::find(known, word) != std::end(known);
  });
}

bool IsToolName(const std::vector<std::string>& words) {
  return ConsistsOf(words, kToolWords) && (words.size() > 1 || !ConsistsOf(words, kAlsoAgents));
}

Role RoleOf(const RecordedStep& step) {
  const std::vector<std::string> words = WordsOf(step.agent);
  if (IsToolName(words) || (!step.tool.empty() && step.arguments.empty())) {
    return Role::kTool;
  }
  if (ConsistsOf(words, kSystemWords)) {
    return Role::kSystem;
  }
  if (ConsistsOf(words, kPersonWords)) {
    return Role::kPerson;
  }
  if (!step.to.empty()) {
    return Role::kDelegation;
  }
  return step.note.empty() ? Role::kAgent : Role::kThought;
}

}  // namespace

std::vector<Role> RolesOf(const RecordedRun& run) {
  std::vector<Role> roles;
  roles.reserve(run.steps.size());
  bool is_task_told = false;
  for (const RecordedStep& step : run.steps) {
    const Role role = RoleOf(step);
    const bool is_task = role == Role::kPerson && !is_task_told;
    is_task_told = is_task_told || (role != Role::kTool && role != Role::kSystem);
    roles.push_back(is_task ? Role::kSystem : role);
  }
  return roles;
}

std::string SpeakerKey(std::string_view agent) {
  std::string key;
  for (const char c : agent) {
    if (IsUpper(c)) {
      key.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if (c != ' ' && c != '_' && c != '-') {
      key.push_back(c);
    }
  }
  return key;
}

bool ChangesSomething(std::string_view tool) {
  const std::vector<std::string> words = WordsOf(tool);
  return !words.empty() &&
         std::ranges::find(kChangingVerbs, words.front()) != std::end(kChangingVerbs);
}

}  // namespace sightline::analytics::blame
