// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/dataset_store.h"
#include "store/meta/database.h"

namespace sightline::store::meta {

// How much datasets may hold. All of it is copied by every backup and checked at every start.
struct DatasetLimits {
  std::int64_t datasets = 1000;                   // Lists of them are not paged.
  std::int64_t examples = 10'000;                 // Of one dataset.
  std::int64_t bytes = std::int64_t{256} << 20U;  // Of all examples of all datasets.
};

// Datasets in SQLite: what the methods of DatasetStore do.

base::Result<std::vector<Dataset>> ReadDatasets(const Database& database);
base::Result<std::optional<Dataset>> FindDataset(const Database& database, std::string_view id);
base::Result<void> AddDataset(Database& database, const Dataset& dataset,
                              const DatasetLimits& limits);
base::Result<Dataset> ReplaceDataset(Database& database, const Dataset& dataset);
base::Result<bool> DeleteDataset(Database& database, std::string_view id);
base::Result<ExamplePage> ReadExamples(const Database& database, std::string_view dataset_id,
                                       std::int64_t after, std::size_t limit,
                                       std::size_t most_bytes);
base::Result<std::int64_t> AddExample(Database& database, std::string_view dataset_id,
                                      const Example& example, const DatasetLimits& limits);
base::Result<Example> SetExpected(Database& database, std::string_view dataset_id,
                                  std::string_view id, std::string_view expected,
                                  std::int64_t now_ns, const DatasetLimits& limits);
base::Result<bool> DeleteExample(Database& database, std::string_view dataset_id,
                                 std::string_view id, std::int64_t now_ns);

}  // namespace sightline::store::meta
