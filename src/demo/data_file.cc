// SPDX-License-Identifier: Apache-2.0
#include "demo/data_file.h"

#include <algorithm>
#include <array>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/check.h"

// The assembler copies the files into the program. The build names their folder.
#define SIGHTLINE_EMBED(name)                   \
  ".global sightline_demo_" name                \
  "_begin\n"                                    \
  ".global sightline_demo_" name                \
  "_end\n"                                      \
  "sightline_demo_" name                        \
  "_begin:\n"                                   \
  ".incbin \"" SIGHTLINE_DEMO_DATA_DIR "/" name \
  ".json\"\n"                                   \
  "sightline_demo_" name "_end:\n"

__asm__(".section .rodata\n" SIGHTLINE_EMBED("coding") SIGHTLINE_EMBED("customers")
            SIGHTLINE_EMBED("rag") SIGHTLINE_EMBED("research")
                SIGHTLINE_EMBED("support") ".byte 0\n.previous\n");

extern "C" {
extern const char sightline_demo_coding_begin[];
extern const char sightline_demo_coding_end[];
extern const char sightline_demo_customers_begin[];
extern const char sightline_demo_customers_end[];
extern const char sightline_demo_rag_begin[];
extern const char sightline_demo_rag_end[];
extern const char sightline_demo_research_begin[];
extern const char sightline_demo_research_end[];
extern const char sightline_demo_support_begin[];
extern const char sightline_demo_support_end[];
}

namespace sightline::demo {
namespace {

struct EmbeddedFile {
  std::string_view name;
  std::string_view content;
};

std::string_view View(boost::json::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string_view EmbeddedData(std::string_view name) {
  static const std::array<EmbeddedFile, 5> files = {{
      {"coding", {sightline_demo_coding_begin, sightline_demo_coding_end}},
      {"customers", {sightline_demo_customers_begin, sightline_demo_customers_end}},
      {"rag", {sightline_demo_rag_begin, sightline_demo_rag_end}},
      {"research", {sightline_demo_research_begin, sightline_demo_research_end}},
      {"support", {sightline_demo_support_begin, sightline_demo_support_end}},
  }};
  const auto* const file = std::ranges::find(files, name, &EmbeddedFile::name);
  CHECK(file != files.end());
  return file->content;
}

boost::json::value ParseData(std::string_view name) {
  boost::json::error_code error;
  const std::string_view content = EmbeddedData(name);
  boost::json::value document = boost::json::parse({content.data(), content.size()}, error);
  CHECK(!error && document.is_object());
  return document;
}

const boost::json::value& DataObject::Member(std::string_view name) const {
  const boost::json::value* member = object_.if_contains({name.data(), name.size()});
  CHECK(member != nullptr);
  return *member;
}

std::string_view DataObject::Copy(const boost::json::value& text) const {
  CHECK(text.is_string());
  return arena_.Copy(View(text.get_string()));
}

std::string_view DataObject::Text(std::string_view name) const {
  const boost::json::value& member = Member(name);
  if (!member.is_array()) {
    return Copy(member);
  }
  std::string text;
  for (const boost::json::value& line : member.get_array()) {
    CHECK(line.is_string());
    text.append(text.empty() && &line == member.get_array().begin() ? "" : "\n");
    text.append(View(line.get_string()));
  }
  return arena_.Copy(text);
}

std::vector<std::string_view> DataObject::Texts(std::string_view name) const {
  std::vector<std::string_view> texts;
  const boost::json::value& member = Member(name);
  CHECK(member.is_array());
  for (const boost::json::value& text : member.get_array()) {
    texts.push_back(Copy(text));
  }
  return texts;
}

double DataObject::Number(std::string_view name) const {
  const boost::json::value& member = Member(name);
  CHECK(member.is_number());
  return member.to_number<double>();
}

std::string_view DataObject::Json(std::string_view name) const {
  return arena_.Copy(boost::json::serialize(Member(name)));
}

std::vector<ToolDefinition> DataObject::Tools(std::string_view name) const {
  return List(name, [](const DataObject& tool) {
    return ToolDefinition{.name = tool.Text("name"),
                          .description = tool.Text("description"),
                          .parameters = tool.Json("parameters")};
  });
}

}  // namespace sightline::demo
