// SPDX-License-Identifier: Apache-2.0
#include "demo/support_texts.h"

#include <algorithm>

#include "base/arena.h"
#include "base/check.h"
#include "demo/data_file.h"

namespace sightline::demo {
namespace {

SupportTurn ReadTurn(const DataObject& turn, const std::vector<ToolDefinition>& tools) {
  SupportTurn read{.question = turn.Text("question"), .actions = {}, .answer = turn.Text("answer")};
  for (const std::string_view action : turn.Texts("actions")) {
    const auto tool = std::ranges::find(tools, action, &ToolDefinition::name);
    CHECK(tool != tools.end());
    read.actions.push_back(static_cast<SupportAction>(tool - tools.begin()));
  }
  return read;
}

SupportTexts Read(const DataObject& file) {
  SupportTexts texts;
  texts.instructions = file.Text("instructions");
  texts.tools = file.Tools("tools");
  texts.topics = file.List("topics", [&](const DataObject& topic) {
    return SupportTopic{.language = topic.Text("language"),
                        .tag = topic.Text("tag"),
                        .turns = topic.List("turns", [&](const DataObject& turn) {
                          return ReadTurn(turn, texts.tools);
                        })};
  });
  texts.products = file.List("products", [](const DataObject& product) {
    return Product{
        .name = product.Text("name"), .sku = product.Text("sku"), .price = product.Number("price")};
  });
  texts.help_articles = file.List("help_articles", [](const DataObject& article) {
    return HelpArticle{
        .id = article.Text("id"), .title = article.Text("title"), .text = article.Text("text")};
  });
  texts.thoughts = file.Texts("thoughts");
  texts.cities = file.Texts("cities");
  texts.carriers = file.Texts("carriers");
  texts.abusive_questions = file.Texts("abusive_questions");
  texts.refusal = file.Text("refusal");
  texts.apology = file.Text("apology");
  return texts;
}

}  // namespace

const SupportTexts& AllSupportTexts() {
  static base::Arena arena;
  static const SupportTexts texts = ReadData("support", arena, Read);
  return texts;
}

}  // namespace sightline::demo
