// SPDX-License-Identifier: Apache-2.0
#include "model/evaluation.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include "base/json_writer.h"

namespace sightline::model {
namespace {

namespace json = boost::json;

constexpr std::string_view kTarget = "target";
constexpr std::string_view kName = "name";
constexpr std::string_view kNumber = "number";
constexpr std::string_view kLabel = "label";
constexpr std::string_view kComment = "comment";
constexpr std::string_view kSource = "source";
constexpr std::string_view kAuthor = "author";
constexpr std::string_view kIdentity = "identity";
constexpr std::string_view kTime = "time_ns";

std::string_view TargetName(EvaluationTarget target) {
  switch (target) {
    case EvaluationTarget::kStep:
      return "step";
    case EvaluationTarget::kRun:
      return "run";
    case EvaluationTarget::kSession:
      return "session";
  }
  return "";
}

EvaluationTarget TargetOf(std::string_view name) {
  for (const EvaluationTarget target : {EvaluationTarget::kRun, EvaluationTarget::kSession}) {
    if (name == TargetName(target)) {
      return target;
    }
  }
  return EvaluationTarget::kStep;
}

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Evaluation ReadEvaluation(const json::object& object) {
  Evaluation evaluation{.target = TargetOf(TextOf(object, kTarget)),
                        .name = TextOf(object, kName),
                        .number = std::nullopt,
                        .label = TextOf(object, kLabel),
                        .comment = TextOf(object, kComment),
                        .source = TextOf(object, kSource),
                        .author = TextOf(object, kAuthor),
                        .identity = TextOf(object, kIdentity)};
  const json::value* number = object.if_contains(kNumber);
  if (number != nullptr && number->is_number()) {
    evaluation.number = number->to_number<double>();
  }
  const json::value* time = object.if_contains(kTime);
  if (time != nullptr && time->is_int64()) {
    evaluation.time_ns = time->get_int64();
  }
  return evaluation;
}

}  // namespace

std::string EncodeEvaluations(std::span<const Evaluation> evaluations) {
  if (evaluations.empty()) {
    return {};
  }
  base::JsonWriter writer;
  const auto text = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) {
      writer.Key(name).String(value);
    }
  };
  writer.BeginArray();
  for (const Evaluation& evaluation : evaluations) {
    writer.BeginObject();
    writer.Key(kTarget).String(TargetName(evaluation.target));
    text(kName, evaluation.name);
    if (evaluation.number) {
      writer.Key(kNumber).Double(*evaluation.number);
    }
    text(kLabel, evaluation.label);
    text(kComment, evaluation.comment);
    text(kSource, evaluation.source);
    text(kAuthor, evaluation.author);
    text(kIdentity, evaluation.identity);
    writer.Key(kTime).Int(evaluation.time_ns);
    writer.EndObject();
  }
  writer.EndArray();
  return writer.Take();
}

std::vector<Evaluation> ParseEvaluations(std::string_view text) {
  std::vector<Evaluation> evaluations;
  if (text.empty()) {
    return evaluations;
  }
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_array()) {
    return evaluations;
  }
  for (const json::value& item : value.get_array()) {
    if (item.is_object()) {
      evaluations.push_back(ReadEvaluation(item.get_object()));
    }
  }
  return evaluations;
}

}  // namespace sightline::model
