// SPDX-License-Identifier: Apache-2.0
// Holds docs/keys.md to the key tables of normalize/: which attribute fills which field, best
// first.
//
//   key_golden <page>            compares
//   key_golden --update <page>   rewrites the page, to be reviewed as a diff
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "model/kinds.h"
#include "normalize/dialect.h"
#include "normalize/field.h"
#include "normalize/key_table.h"

namespace sightline::golden {
namespace {

using normalize::Field;
using normalize::Form;
using normalize::TableRule;

constexpr std::string_view kHead =
    "# Which attribute fills which field\n"
    "\n"
    "Generated from the key tables in `src/normalize` by `key_golden --update docs/keys.md`; a "
    "test\n"
    "compares. The rules behind it are in [conventions.md](conventions.md).\n"
    "\n"
    "Of several attributes for one field the one with the lowest rank wins. A key that ends in a "
    "dot\n"
    "stands for every key that begins with it. *own* rules hold only on spans of the dialect "
    "whose\n"
    "file they are in.\n";

std::string_view FormText(Form form) {
  switch (form) {
    case Form::kPlain:
      return "";
    case Form::kQuoted:
      return "JSON text";
    case Form::kMilliseconds:
      return "milliseconds";
    case Form::kServerSeconds:
      return "seconds; milliseconds from Strands";
    case Form::kIsoTime:
      return "a point in time";
    case Form::kMicrodollars:
      return "millionths of a dollar";
    case Form::kZeroIsAbsent:
      return "0 is absent";
    case Form::kCommaList:
      return "list with commas";
    case Form::kEmptyIsAbsent:
      return "{} is absent";
    case Form::kIndexed:
      return "a number follows";
  }
  return "";
}

std::string FileOf(const TableRule& rule) {
  const normalize::DialectSpec* spec = normalize::SpecOf(rule.owner);
  if (spec == &normalize::McpSpec()) {
    return "mcp";
  }
  if (spec == nullptr || spec->dialect == model::Dialect::kNone) {
    return "opentelemetry";
  }
  return std::string(model::DialectName(spec->dialect));
}

std::string Row(const TableRule& rule) {
  std::string notes(FormText(rule.form));
  if (rule.reach == normalize::Reach::kOwnDialect) {
    notes += notes.empty() ? "own" : ", own";
  }
  return "| " + std::to_string(rule.rank) + " | `" + std::string(rule.key) + "` | " + FileOf(rule) +
         " | " + notes + " |\n";
}

std::string Render() {
  const normalize::KeyTable table;
  std::string page(kHead);
  for (std::size_t i = 1; i < normalize::kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    std::vector<TableRule> rules;
    std::copy_if(table.rules().begin(), table.rules().end(), std::back_inserter(rules),
                 [&](const TableRule& rule) { return rule.field == field; });
    if (rules.empty()) {
      continue;
    }
    std::stable_sort(rules.begin(), rules.end(),
                     [](const TableRule& a, const TableRule& b) { return a.rank < b.rank; });
    page += "\n## " + std::string(normalize::FieldName(field)) + "\n\n";
    page += "| rank | key | file | notes |\n|---|---|---|---|\n";
    for (const TableRule& rule : rules) {
      page += Row(rule);
    }
  }
  return page;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string page_path;

TEST(KeyGolden, PageIsCurrent) {
  EXPECT_EQ(ReadFile(page_path), Render()) << "run key_golden --update " << page_path;
}

TEST(KeyGolden, EveryFieldHasAName) {
  for (std::size_t i = 1; i < normalize::kFieldCount; ++i) {
    EXPECT_NE(normalize::FieldName(static_cast<Field>(i)), "") << i;
  }
}

int Run(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const bool is_update = argc == 3 && std::string_view(argv[1]) == "--update";
  if (argc != 2 && !is_update) {
    std::fputs("usage: key_golden [--update] <page>\n", stderr);
    return 2;
  }
  page_path = argv[argc - 1];
  if (is_update) {
    std::ofstream(page_path, std::ios::binary) << Render();
    return 0;
  }
  return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace sightline::golden

int main(int argc, char** argv) {
  return sightline::golden::Run(argc, argv);
}
