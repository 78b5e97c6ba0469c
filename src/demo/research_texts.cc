// SPDX-License-Identifier: Apache-2.0
#include "demo/research_texts.h"

#include "base/arena.h"
#include "demo/data_file.h"

namespace sightline::demo {
namespace {

Source ReadSource(const DataObject& source) {
  return {.id = source.Text("id"), .title = source.Text("title"), .text = source.Text("text")};
}

ResearchPart ReadPart(const DataObject& part) {
  return {.question = part.Text("question"),
          .query = part.Text("query"),
          .library = part.List("library", ReadSource),
          .web = part.List("web", ReadSource),
          .finding = part.Text("finding")};
}

ResearchTopic ReadTopic(const DataObject& topic) {
  return {.question = topic.Text("question"),
          .tag = topic.Text("tag"),
          .parts = topic.List("parts", ReadPart),
          .report = topic.Text("report")};
}

ResearchTexts Read(const DataObject& file) {
  return {.planner_instructions = file.Text("planner_instructions"),
          .planner_thought = file.Text("planner_thought"),
          .researcher_instructions = file.Text("researcher_instructions"),
          .writer_instructions = file.Text("writer_instructions"),
          .tools = file.Tools("tools"),
          .topics = file.List("topics", ReadTopic)};
}

}  // namespace

const ResearchTexts& AllResearchTexts() {
  static base::Arena arena;
  static const ResearchTexts texts = ReadData("research", arena, Read);
  return texts;
}

}  // namespace sightline::demo
