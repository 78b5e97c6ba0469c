// SPDX-License-Identifier: Apache-2.0
#include "api/kept/datasets_api.h"

#include <cstddef>
#include <optional>
#include <utility>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/kept/saved_json.h"
#include "api/request/answers.h"
#include "api/request/json_body.h"
#include "api/request/json_fields.h"
#include "api/request/object_reader.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::Dataset;

constexpr std::size_t kMostBodyBytes = std::size_t{64} << 10U;
constexpr std::size_t kMostNameBytes = 200;
constexpr std::size_t kMostDescriptionBytes = 5000;

// What a request says of a dataset; a description that it does not mention stays.
Result<void> ReadDataset(const std::string& body, Dataset& dataset) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader reader = TRY(ObjectReader::Of(value, ""));
  dataset.name = TRY(reader.Name("name", kMostNameBytes));
  if (reader.Find("description") != nullptr) {
    dataset.description = TRY(reader.Text("description", kMostDescriptionBytes));
  }
  return reader.RefuseOthers();
}

void WriteDataset(const Dataset& dataset, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("id").String(dataset.id);
  json.Key("name").String(dataset.name);
  WriteText(json, "description", dataset.description);
  json.Key("examples").Int(dataset.examples);
  json.Key("bytes").Int(dataset.bytes);
  WriteTime(json, "created_at", dataset.created_ns);
  WriteTime(json, "updated_at", dataset.updated_ns);
  json.EndObject();
}

std::string JsonOf(const Dataset& dataset) {
  base::JsonWriter json;
  WriteDataset(dataset, json);
  return json.Take();
}

Error NoDataset(std::string_view id) {
  return {Code::kNotFound, fmt::format("no dataset '{}'", id)};
}

}  // namespace

Result<Dataset> KnownDataset(const store::DatasetStore& datasets, std::string_view id) {
  std::optional<Dataset> dataset = TRY(datasets.FindDataset(id));
  return dataset ? Result<Dataset>(*std::move(dataset)) : NoDataset(id);
}

Result<std::string> DatasetsApi::ListJson() const {
  const std::vector<Dataset> datasets = TRY(datasets_.Datasets());
  base::JsonWriter json;
  json.BeginObject().Key("datasets").BeginArray();
  for (const Dataset& dataset : datasets) {
    WriteDataset(dataset, json);
  }
  json.EndArray().EndObject();
  return json.Take();
}

Result<std::string> DatasetsApi::CreateJson(const std::string& body) {
  const std::int64_t now_ns = clock_.NowNs();
  Dataset dataset{.id = NewSavedId(), .created_ns = now_ns, .updated_ns = now_ns};
  TRY(ReadDataset(body, dataset));
  TRY(datasets_.AddDataset(dataset));
  return JsonOf(dataset);
}

Result<std::string> DatasetsApi::GetJson(std::string_view id) const {
  const Dataset dataset = TRY(KnownDataset(datasets_, id));
  return JsonOf(dataset);
}

Result<std::string> DatasetsApi::ReplaceJson(std::string_view id, const std::string& body) {
  Dataset dataset = TRY(KnownDataset(datasets_, id));
  TRY(ReadDataset(body, dataset));
  dataset.updated_ns = clock_.NowNs();
  const Dataset replaced = TRY(datasets_.ReplaceDataset(dataset));
  return JsonOf(replaced);
}

Result<std::string> DatasetsApi::DeleteJson(std::string_view id) {
  const bool was_there = TRY(datasets_.DeleteDataset(id));
  return was_there ? Result<std::string>(DeletedJson()) : NoDataset(id);
}

net::HttpResponse DatasetsApi::List(const net::HttpRequest& /*request*/) const {
  return JsonAnswer(ListJson());
}

net::HttpResponse DatasetsApi::Create(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return CreateJson(body); });
}

net::HttpResponse DatasetsApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(GetJson(request.PathParameter("dataset_id")));
}

net::HttpResponse DatasetsApi::Replace(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes, [&](const std::string& body) {
    return ReplaceJson(request.PathParameter("dataset_id"), body);
  });
}

net::HttpResponse DatasetsApi::Delete(const net::HttpRequest& request) {
  return JsonAnswer(DeleteJson(request.PathParameter("dataset_id")));
}

}  // namespace sightline::api
