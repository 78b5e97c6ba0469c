// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace sightline::golden {

std::string ReadFile(const std::filesystem::path& path);

// The text that a case must become. It ends with a line break.
using RenderCase = std::function<std::string(const std::filesystem::path& input)>;

// True for the files of a folder that are inputs of cases.
using IsInput = std::function<bool(const std::filesystem::path& file)>;

// The main function of a golden test. Each input <folder>/<area>/<case>.<any> becomes a test
// <area>.<case> that compares its rendering with <case>.txt beside it; `--update` rewrites the
// texts instead, to be reviewed as a diff.
//
//   <program> <folder>            compares
//   <program> --update <folder>   rewrites
int RunGolden(int argc, char** argv, const IsInput& is_input, const RenderCase& render);

}  // namespace sightline::golden
