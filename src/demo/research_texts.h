// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "demo/conversation.h"

namespace sightline::demo {

// The research crew's stock: questions, what can be found on them, and the reports.

struct Source {
  std::string_view id;  // A library id or a URL.
  std::string_view title;
  std::string_view text;
};

// One part of a question.
struct ResearchPart {
  std::string_view question;
  std::string_view query;
  std::vector<Source> library;
  std::vector<Source> web;
  std::string_view finding;
};

struct ResearchTopic {
  std::string_view question;
  std::string_view tag;
  std::vector<ResearchPart> parts;
  std::string_view report;
};

// data/research.json.
struct ResearchTexts {
  std::string_view planner_instructions;
  std::string_view planner_thought;
  std::string_view researcher_instructions;
  std::string_view writer_instructions;
  std::vector<ToolDefinition> tools;  // Library search, web search, page.
  std::vector<ResearchTopic> topics;
};

// Read once, at the first call; lives as long as the program. Any thread.
const ResearchTexts& AllResearchTexts();

}  // namespace sightline::demo
