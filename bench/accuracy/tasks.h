// SPDX-License-Identifier: Apache-2.0
// The tasks whose answers are scored against known truth: each reads its input as JSON lines, asks
// the functions of analytics/ with their own defaults, and writes an answer as JSON lines. No task
// reads a file, a clock or a random seed, so that the same input gives the same output.
#pragma once

#include <iosfwd>

namespace sightline::accuracy {

// Each returns when the input has ended. Throws std::exception when a line cannot be read; its text
// says what is wrong with it.
using Task = void (*)(std::istream& in, std::ostream& out);

void AnswerAnomaly(std::istream& in, std::ostream& out);
void AnswerAttribution(std::istream& in, std::ostream& out);
void AnswerCriticalPath(std::istream& in, std::ostream& out);
void AnswerDiff(std::istream& in, std::ostream& out);
void AnswerDiffers(std::istream& in, std::ostream& out);
void AnswerForecast(std::istream& in, std::ostream& out);
void AnswerGroups(std::istream& in, std::ostream& out);

}  // namespace sightline::accuracy
