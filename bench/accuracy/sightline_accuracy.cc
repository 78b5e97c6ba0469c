// SPDX-License-Identifier: Apache-2.0
// Sightline's answers for programs that know the truth: sightline_accuracy TASK < in > out.
#include <array>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string_view>

#include "accuracy/tasks.h"

namespace sightline::accuracy {
namespace {

struct NamedTask {
  std::string_view name;
  Task run;
};

// One line for each task, in the order of their names.
constexpr auto kTasks = std::to_array<NamedTask>({
    {"anomaly", AnswerAnomaly},
    {"attribution", AnswerAttribution},
    {"critical-path", AnswerCriticalPath},
    {"diff", AnswerDiff},
    {"differs", AnswerDiffers},
    {"forecast", AnswerForecast},
    {"groups", AnswerGroups},
});

int Run(std::string_view name) {
  for (const NamedTask& task : kTasks) {
    if (task.name == name) {
      task.run(std::cin, std::cout);
      return 0;
    }
  }
  std::fprintf(stderr, "there is no task of this name\n");
  return 2;
}

}  // namespace
}  // namespace sightline::accuracy

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  if (argc != 2) {
    std::fprintf(stderr, "usage: sightline_accuracy TASK < input.jsonl > output.jsonl\n");
    return 2;
  }
  try {
    return sightline::accuracy::Run(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sightline_accuracy: %s\n", error.what());
    return 1;
  }
}
