// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::model {

// What an evaluation is of.
enum class EvaluationTarget : std::uint8_t { kStep, kRun, kSession };

// A judgement that came with telemetry: of the step that it was sent with, of its run or of its
// session.
//
// Thread: value.
struct Evaluation {
  EvaluationTarget target = EvaluationTarget::kStep;
  std::string name;
  std::optional<double> number;
  std::string label;     // What the judge calls the outcome; "" for none. One of the two is there.
  std::string comment;   // Why.
  std::string source;    // What kind of judge: "person", "llm", "code", or "otlp" when not told.
  std::string author;    // Which judge.
  std::string identity;  // Tells it from others of its target with the same name.
  std::int64_t time_ns = 0;

  friend bool operator==(const Evaluation&, const Evaluation&) = default;
};

// More of one span or record are not kept.
inline constexpr std::size_t kMostEvaluationsOfRow = 64;

// The stored form: a JSON array, "" for none.
std::string EncodeEvaluations(std::span<const Evaluation> evaluations);

// Reads the stored form; what is not well-formed is passed over.
std::vector<Evaluation> ParseEvaluations(std::string_view text);

}  // namespace sightline::model
