// SPDX-License-Identifier: Apache-2.0
#include "api/kept/examples_api.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <utility>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/kept/datasets_api.h"
#include "api/kept/example_json.h"
#include "api/kept/saved_json.h"
#include "api/kept/target.h"
#include "api/request/answers.h"
#include "api/request/json_body.h"
#include "api/request/object_reader.h"
#include "api/request/parameters.h"
#include "api/runs/run_content.h"
#include "base/json_writer.h"
#include "model/ids.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::Example;

// Three texts, each of which is longer while its characters are escaped.
constexpr std::size_t kMostBodyBytes = 6 * kMostExampleBytes;
constexpr std::size_t kMostPageBytes = std::size_t{8} << 20U;

// The place of the example that a page begins after.
Result<std::int64_t> PlaceOf(const Parameters& parameters) {
  const auto text = parameters.Text("cursor");
  if (!text) {
    return std::int64_t{0};
  }
  std::int64_t place = 0;
  const char* const end = text->data() + text->size();
  const auto [read_to, error] = std::from_chars(text->data(), end, place);
  if (error != std::errc() || read_to != end || place < 1) {
    return BadParameter("cursor", "one of an answer");
  }
  return place;
}

std::string JsonOf(const Example& example) {
  base::JsonWriter json;
  WriteExample(example, json);
  return json.Take();
}

// Which row of the view the example is of.
Result<std::size_t> IndexOf(const analytics::TraceView& view, const Example& example) {
  if (example.span_id.empty()) {
    return view.root;
  }
  const auto id = model::SpanId::FromHex(example.span_id);
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    if (view.spans[i].span_id == id) {
      return i;
    }
  }
  return Error(Code::kNotFound,
               fmt::format("span {} is not known in trace {}", example.span_id, example.trace_id));
}

Result<Example> ReadTexts(ObjectReader& reader) {
  Example example;
  example.input = TRY(ReadJson(reader, "input"));
  example.output = TRY(ReadJson(reader, "output"));
  example.expected = TRY(ReadJson(reader, "expected"));
  example.metadata = TRY(ReadMetadata(reader));
  return example;
}

bool NamesRun(ObjectReader& reader) {
  bool names_run = false;
  for (const std::string_view name : {"trace_id", "execution_id", "span_id"}) {
    names_run = reader.Find(name) != nullptr || names_run;
  }
  return names_run;
}

// Input and output are given, or else taken from a run.
Result<void> CheckSource(const Example& example, bool names_run) {
  if (!names_run && example.input.empty()) {
    return BadField("input", "a value, or trace_id or execution_id of a run, expected");
  }
  if (names_run && (!example.input.empty() || !example.output.empty())) {
    return BadField(example.input.empty() ? "output" : "input",
                    "it is taken from the run that is named");
  }
  return {};
}

}  // namespace

Result<void> ExamplesApi::CopyContent(Example& example) const {
  const LoadedTrace loaded = TRY(loader_.Load(example.trace_id));
  const analytics::TraceView& view = loaded.view;
  const std::size_t index = TRY(IndexOf(view, example));
  const bool is_run = example.span_id.empty();
  const Bodies bodies =
      TRY(is_run ? loader_.BodiesOfRun(loaded) : loader_.BodiesOfSpans(loaded, index, index + 1));
  Content content = is_run ? ContentOfRun(view, loaded.logs, bodies, BodyWriter::Length::kWhole)
                           : ContentOfStep(view, index, loaded.logs, bodies);
  if (content.input == "null" && content.output == "null") {
    return Error(Code::kFailedPrecondition,
                 fmt::format("the {} has neither input nor output: its content was not sent",
                             is_run ? "run" : "step"));
  }
  TRY(CheckLength("input", content.input));
  TRY(CheckLength("output", content.output));
  example.input = InOneLine(std::move(content.input));
  example.output = InOneLine(std::move(content.output));
  example.trace_id = view.summary.trace_id.ToHex();
  example.run_id = view.summary.execution_id_text.empty()
                       ? example.trace_id
                       : std::string(view.summary.execution_id_text);
  example.run_ns = is_run ? view.summary.start_ns : view.spans[index].start_ns;
  return {};
}

Result<std::string> ExamplesApi::ListJson(const net::HttpRequest& request) const {
  const std::string_view dataset_id = request.PathParameter("dataset_id");
  const Parameters parameters(request.query);
  const std::size_t limit = TRY(parameters.Limit(50, 1000));
  const std::int64_t after = TRY(PlaceOf(parameters));
  TRY(KnownDataset(datasets_, dataset_id));
  const store::ExamplePage page = TRY(datasets_.Examples(dataset_id, after, limit, kMostPageBytes));
  base::JsonWriter json;
  json.BeginObject().Key("examples").BeginArray();
  for (const Example& example : page.examples) {
    WriteExample(example, json);
  }
  json.EndArray().Key("next_cursor");
  if (page.has_more) {
    json.String(fmt::to_string(page.examples.back().place));
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

Result<void> ExamplesApi::CopyFrom(ObjectReader& reader, Example& example) const {
  const FindTrace find_trace = [this](std::string_view run) {
    return TraceOfRun(run, store_, loader_.Deadline());
  };
  Target target = TRY(ReadTarget(reader, find_trace));
  example.trace_id = std::move(target.trace_id);
  example.span_id = std::move(target.span_id);
  return CopyContent(example);
}

Result<std::string> ExamplesApi::AddJson(std::string_view dataset_id, const std::string& body) {
  TRY(KnownDataset(datasets_, dataset_id));
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader reader = TRY(ObjectReader::Of(value, ""));
  Example example = TRY(ReadTexts(reader));
  example.id = NewSavedId();
  example.created_ns = clock_.NowNs();
  example.updated_ns = example.created_ns;
  const bool names_run = NamesRun(reader);
  TRY(reader.RefuseOthers());
  TRY(CheckSource(example, names_run));
  if (names_run) {
    TRY(CopyFrom(reader, example));
  }
  example.place = TRY(datasets_.AddExample(dataset_id, example));
  return JsonOf(example);
}

Result<std::string> ExamplesApi::ReplaceJson(const net::HttpRequest& request,
                                             const std::string& body) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader reader = TRY(ObjectReader::Of(value, ""));
  const std::string expected = TRY(ReadJson(reader, "expected"));
  TRY(reader.RefuseOthers());
  if (!value.get_object().contains("expected")) {
    return BadField("expected", "a value, or null for none, expected");
  }
  const Example example =
      TRY(datasets_.SetExpected(request.PathParameter("dataset_id"),
                                request.PathParameter("example_id"), expected, clock_.NowNs()));
  return JsonOf(example);
}

Result<std::string> ExamplesApi::DeleteJson(const net::HttpRequest& request) {
  const std::string_view dataset_id = request.PathParameter("dataset_id");
  const std::string_view id = request.PathParameter("example_id");
  const bool was_there = TRY(datasets_.DeleteExample(dataset_id, id, clock_.NowNs()));
  return was_there ? Result<std::string>(DeletedJson())
                   : Error(Code::kNotFound,
                           fmt::format("no example '{}' in dataset '{}'", id, dataset_id));
}

net::HttpResponse ExamplesApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

net::HttpResponse ExamplesApi::Add(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes, [&](const std::string& body) {
    return AddJson(request.PathParameter("dataset_id"), body);
  });
}

net::HttpResponse ExamplesApi::Replace(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return ReplaceJson(request, body); });
}

net::HttpResponse ExamplesApi::Delete(const net::HttpRequest& request) {
  return JsonAnswer(DeleteJson(request));
}

}  // namespace sightline::api
