// SPDX-License-Identifier: Apache-2.0
// A dataset's row holds how many examples it has and how many bytes these are, so that limits cost
// no scan; both change in one transaction with the examples.
#include "store/meta/datasets.h"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace sightline::store::meta {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kColumns =
    "id, name, description, created_ns, updated_ns, examples, bytes";

constexpr std::string_view kExampleColumns =
    "bytes, id, trace_id, run_id, span_id, run_ns, created_ns, updated_ns, input, output, "
    "expected, metadata";

Dataset DatasetOf(const Statement& row) {
  return {.id = row.Text(0),
          .name = row.Text(1),
          .description = row.Text(2),
          .created_ns = row.Int(3),
          .updated_ns = row.Int(4),
          .examples = row.Int(5),
          .bytes = row.Int(6)};
}

// Of kExampleColumns and the place.
Example ExampleOf(const Statement& row) {
  return {.id = row.Text(1),
          .trace_id = row.Text(2),
          .run_id = row.Text(3),
          .span_id = row.Text(4),
          .run_ns = row.Int(5),
          .input = row.Text(8),
          .output = row.Text(9),
          .expected = row.Text(10),
          .metadata = row.Text(11),
          .created_ns = row.Int(6),
          .updated_ns = row.Int(7),
          .place = row.Int(12)};
}

Error NoDataset(std::string_view id) {
  return {Code::kNotFound, fmt::format("no dataset '{}'", id)};
}

Result<std::optional<Example>> FindExample(const Database& database, std::string_view dataset_id,
                                           std::string_view id) {
  Statement row = TRY(database.Prepare(fmt::format(
      "SELECT {}, place FROM examples WHERE dataset_id = ? AND id = ?", kExampleColumns)));
  row.Bind(1, dataset_id).Bind(2, id);
  const bool is_there = TRY(row.Step());
  return is_there ? std::optional<Example>(ExampleOf(row)) : std::nullopt;
}

// What a dataset's examples have become. Answers it as it is then.
Result<Dataset> Count(Database& database, std::string_view id, std::int64_t examples,
                      std::int64_t bytes, std::int64_t now_ns) {
  Statement update = TRY(database.Prepare(
      "UPDATE datasets SET examples = examples + ?, bytes = bytes + ?, updated_ns = ? WHERE id = "
      "?"));
  update.Bind(1, examples).Bind(2, bytes).Bind(3, now_ns).Bind(4, id);
  TRY(update.Run());
  std::optional<Dataset> dataset = TRY(FindDataset(database, id));
  return dataset ? Result<Dataset>(*std::move(dataset)) : NoDataset(id);
}

Result<void> CheckBytes(const Database& database, const DatasetLimits& limits) {
  if (TRY(database.Number("SELECT coalesce(sum(bytes), 0) FROM datasets")) > limits.bytes) {
    return Error(Code::kResourceExhausted,
                 fmt::format("over {} bytes in all datasets together: delete some examples first",
                             limits.bytes));
  }
  return {};
}

// That none is of the same run or step.
Result<void> CheckIsNew(const Database& database, std::string_view dataset_id,
                        const Example& example) {
  if (example.trace_id.empty()) {
    return {};
  }
  Statement row = TRY(database.Prepare(
      "SELECT id FROM examples WHERE dataset_id = ? AND trace_id = ? AND span_id = ? AND trace_id "
      "<> ''"));
  row.Bind(1, dataset_id).Bind(2, example.trace_id).Bind(3, example.span_id);
  if (TRY(row.Step())) {
    return Error(Code::kAlreadyExists,
                 fmt::format("example '{}' of the dataset is of the same {}", row.Text(0),
                             example.span_id.empty() ? "run" : "step"));
  }
  return {};
}

}  // namespace

Result<std::vector<Dataset>> ReadDatasets(const Database& database) {
  Statement rows =
      TRY(database.Prepare(fmt::format("SELECT {} FROM datasets ORDER BY name, id", kColumns)));
  std::vector<Dataset> datasets;
  while (TRY(rows.Step())) {
    datasets.push_back(DatasetOf(rows));
  }
  return datasets;
}

Result<std::optional<Dataset>> FindDataset(const Database& database, std::string_view id) {
  Statement row =
      TRY(database.Prepare(fmt::format("SELECT {} FROM datasets WHERE id = ?", kColumns)));
  row.Bind(1, id);
  const bool is_there = TRY(row.Step());
  return is_there ? std::optional<Dataset>(DatasetOf(row)) : std::nullopt;
}

Result<void> AddDataset(Database& database, const Dataset& dataset, const DatasetLimits& limits) {
  Transaction transaction = TRY(Transaction::Begin(database));
  if (TRY(database.Number("SELECT count(*) FROM datasets")) >= limits.datasets) {
    return Error(Code::kResourceExhausted,
                 fmt::format("there are {} datasets: delete some first", limits.datasets));
  }
  Statement insert = TRY(database.Prepare(
      fmt::format("INSERT INTO datasets ({}) VALUES (?, ?, ?, ?, ?, 0, 0)", kColumns)));
  insert.Bind(1, dataset.id).Bind(2, dataset.name).Bind(3, dataset.description);
  insert.Bind(4, dataset.created_ns).Bind(5, dataset.updated_ns);
  TRY(insert.Run());
  return transaction.Commit();
}

Result<Dataset> ReplaceDataset(Database& database, const Dataset& dataset) {
  Transaction transaction = TRY(Transaction::Begin(database));
  Statement update = TRY(database.Prepare(
      "UPDATE datasets SET name = ?, description = ?, updated_ns = ? WHERE id = ?"));
  update.Bind(1, dataset.name).Bind(2, dataset.description).Bind(3, dataset.updated_ns);
  update.Bind(4, dataset.id);
  TRY(update.Run());
  std::optional<Dataset> replaced = TRY(FindDataset(database, dataset.id));
  if (!replaced) {
    return NoDataset(dataset.id);
  }
  TRY(transaction.Commit());
  return *std::move(replaced);
}

Result<bool> DeleteDataset(Database& database, std::string_view id) {
  Transaction transaction = TRY(Transaction::Begin(database));
  Statement examples = TRY(database.Prepare("DELETE FROM examples WHERE dataset_id = ?"));
  examples.Bind(1, id);
  TRY(examples.Run());
  Statement dataset = TRY(database.Prepare("DELETE FROM datasets WHERE id = ?"));
  dataset.Bind(1, id);
  TRY(dataset.Run());
  const bool was_there = database.changes() > 0;
  TRY(transaction.Commit());
  return was_there;
}

Result<ExamplePage> ReadExamples(const Database& database, std::string_view dataset_id,
                                 std::int64_t after, std::size_t limit, std::size_t most_bytes) {
  Statement rows = TRY(database.Prepare(
      fmt::format("SELECT {}, place FROM examples WHERE dataset_id = ? AND place > ? ORDER BY "
                  "place LIMIT {}",
                  kExampleColumns, limit + 1)));
  rows.Bind(1, dataset_id).Bind(2, after);
  ExamplePage page;
  std::size_t bytes = 0;
  while (TRY(rows.Step())) {
    bytes += static_cast<std::size_t>(rows.Int(0));
    if (page.examples.size() == limit || (!page.examples.empty() && bytes > most_bytes)) {
      page.has_more = true;
      break;
    }
    page.examples.push_back(ExampleOf(rows));
  }
  return page;
}

Result<std::int64_t> AddExample(Database& database, std::string_view dataset_id,
                                const Example& example, const DatasetLimits& limits) {
  const auto bytes = static_cast<std::int64_t>(example.bytes());
  Transaction transaction = TRY(Transaction::Begin(database));
  const Dataset dataset = TRY(Count(database, dataset_id, 1, bytes, example.created_ns));
  TRY(CheckIsNew(database, dataset_id, example));
  if (dataset.examples > limits.examples) {
    return Error(Code::kResourceExhausted,
                 fmt::format("the dataset has {} examples: delete some first", limits.examples));
  }
  TRY(CheckBytes(database, limits));
  Statement insert = TRY(database.Prepare(
      fmt::format("INSERT INTO examples (dataset_id, {}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                  "?, ?)",
                  kExampleColumns)));
  insert.Bind(1, dataset_id).Bind(2, bytes).Bind(3, example.id).Bind(4, example.trace_id);
  insert.Bind(5, example.run_id).Bind(6, example.span_id).Bind(7, example.run_ns);
  insert.Bind(8, example.created_ns).Bind(9, example.updated_ns).Bind(10, example.input);
  insert.Bind(11, example.output).Bind(12, example.expected).Bind(13, example.metadata);
  TRY(insert.Run());
  const std::int64_t place = database.last_row_id();
  TRY(transaction.Commit());
  return place;
}

Result<Example> SetExpected(Database& database, std::string_view dataset_id, std::string_view id,
                            std::string_view expected, std::int64_t now_ns,
                            const DatasetLimits& limits) {
  Transaction transaction = TRY(Transaction::Begin(database));
  std::optional<Example> example = TRY(FindExample(database, dataset_id, id));
  if (!example) {
    return Error(Code::kNotFound, fmt::format("no example '{}' in dataset '{}'", id, dataset_id));
  }
  const auto bytes_before = static_cast<std::int64_t>(example->bytes());
  example->expected = expected;
  example->updated_ns = now_ns;
  const auto bytes = static_cast<std::int64_t>(example->bytes());
  TRY(Count(database, dataset_id, 0, bytes - bytes_before, now_ns));
  if (bytes > bytes_before) {
    TRY(CheckBytes(database, limits));
  }
  Statement update = TRY(database.Prepare(
      "UPDATE examples SET expected = ?, bytes = ?, updated_ns = ? WHERE place = ?"));
  update.Bind(1, expected).Bind(2, bytes).Bind(3, now_ns).Bind(4, example->place);
  TRY(update.Run());
  TRY(transaction.Commit());
  return *std::move(example);
}

Result<bool> DeleteExample(Database& database, std::string_view dataset_id, std::string_view id,
                           std::int64_t now_ns) {
  Transaction transaction = TRY(Transaction::Begin(database));
  Statement row =
      TRY(database.Prepare("DELETE FROM examples WHERE dataset_id = ? AND id = ? RETURNING bytes"));
  row.Bind(1, dataset_id).Bind(2, id);
  if (!TRY(row.Step())) {
    return false;
  }
  const std::int64_t bytes = row.Int(0);
  TRY(row.Run());
  TRY(Count(database, dataset_id, -1, -bytes, now_ns));
  TRY(transaction.Commit());
  return true;
}

}  // namespace sightline::store::meta
