// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

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
  std::span<const Source> library;
  std::span<const Source> web;
  std::string_view finding;
};

struct ResearchTopic {
  std::string_view question;
  std::string_view tag;
  std::span<const ResearchPart> parts;
  std::string_view report;
};

extern const std::string_view kPlannerInstructions;
extern const std::string_view kResearcherInstructions;
extern const std::string_view kWriterInstructions;
extern const std::span<const ToolDefinition> kResearchTools;
extern const std::span<const ResearchTopic> kResearchTopics;

}  // namespace sightline::demo
