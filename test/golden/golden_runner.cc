// SPDX-License-Identifier: Apache-2.0
#include "golden_runner.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::golden {
namespace {

namespace fs = std::filesystem;

class GoldenTest : public testing::Test {
 public:
  GoldenTest(fs::path input, const RenderCase& render)
      : input_(std::move(input)), render_(render) {}

  void TestBody() override {
    const std::string expected = ReadFile(fs::path(input_).replace_extension(".txt"));
    EXPECT_EQ(render_(input_), expected) << input_;
  }

 private:
  const fs::path input_;
  const RenderCase& render_;
};

std::vector<fs::path> FindCases(const fs::path& folder, const IsInput& is_input) {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && is_input(entry.path())) {
      cases.push_back(entry.path());
    }
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

}  // namespace

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

int RunGolden(int argc, char** argv, const IsInput& is_input, const RenderCase& render) {
  testing::InitGoogleTest(&argc, argv);
  const bool is_update = argc == 3 && std::string_view(argv[1]) == "--update";
  if (argc != 2 && !is_update) {
    std::fprintf(stderr, "usage: %s [--update] <folder>\n", argv[0]);
    return 2;
  }
  const std::vector<fs::path> cases = FindCases(argv[argc - 1], is_input);
  if (cases.empty()) {
    std::fputs("no cases found\n", stderr);
    return 1;
  }
  for (const fs::path& input : cases) {
    if (is_update) {
      std::ofstream(fs::path(input).replace_extension(".txt"), std::ios::binary) << render(input);
      continue;
    }
    const std::string area = input.parent_path().filename().string();
    testing::RegisterTest(
        area.c_str(), input.stem().string().c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [&render, input]() -> testing::Test* { return new GoldenTest(input, render); });
  }
  return is_update ? 0 : RUN_ALL_TESTS();
}

}  // namespace sightline::golden
