// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sightline::store {

// A named list of examples.
//
// Thread: value.
struct Dataset {
  std::string id;  // Given by who makes it.
  std::string name;
  std::string description;
  std::int64_t created_ns = 0;
  std::int64_t updated_ns = 0;  // When it, or one of its examples, changed last.
  std::int64_t examples = 0;    // Given by the store, as is `bytes`.
  std::int64_t bytes = 0;       // Of the texts of its examples.
};

// What a run or a step was given and what it made of that, or what somebody wrote down as such. The
// texts are copies: they stay when the run is deleted.
//
// Thread: value.
struct Example {
  std::string id;           // Given by who makes it.
  std::string trace_id;     // Hex; "" when it comes from no run, as all of the source then is.
  std::string run_id;       // What the run is called by its sender, or its trace id.
  std::string span_id;      // Hex; "" when it is of a whole run.
  std::int64_t run_ns = 0;  // When the run, or the step, began.
  std::string input;        // JSON text, as are those that follow.
  std::string output;
  std::string expected;  // "": nobody has said what the output should be.
  std::string metadata;  // "" for none.
  std::int64_t created_ns = 0;
  std::int64_t updated_ns = 0;
  std::int64_t place = 0;  // In its dataset; given by the store, greater than that of all before.

  std::size_t bytes() const {
    return input.size() + output.size() + expected.size() + metadata.size();
  }
};

// A part of a dataset.
//
// Thread: value.
struct ExamplePage {
  std::vector<Example> examples;
  bool has_more = false;  // After the last of them.
};

// Datasets and their examples, kept with what else people edit (store/meta_store.h). Durable when a
// call returns.
//
// Errors: kUnavailable while the store is damaged or the disk is full; nothing has changed then.
//
// Thread: any; calls block.
class DatasetStore {
 public:
  virtual ~DatasetStore() = default;

  // All, by name and id.
  virtual base::Result<std::vector<Dataset>> Datasets() const = 0;

  // Empty: there is none of that id.
  virtual base::Result<std::optional<Dataset>> FindDataset(std::string_view id) const = 0;

  // An empty one. kResourceExhausted: there are too many.
  virtual base::Result<void> AddDataset(const Dataset& dataset) = 0;

  // Replaces name, description and `updated_ns` of the one of that id and returns it as it is now.
  // kNotFound: there is none.
  virtual base::Result<Dataset> ReplaceDataset(const Dataset& dataset) = 0;

  // With all of its examples. Returns whether there was one.
  virtual base::Result<bool> DeleteDataset(std::string_view id) = 0;

  // In order of their places, those after place `after`: at most `limit`, and no more than fit into
  // `most_bytes`, but one at least. None of a dataset that is not there.
  virtual base::Result<ExamplePage> Examples(std::string_view dataset_id, std::int64_t after,
                                             std::size_t limit, std::size_t most_bytes) const = 0;

  // Adds it as the last one and returns its place. kNotFound: there is no such dataset.
  // kAlreadyExists: an example is of the same run or step. kResourceExhausted: the dataset, or all
  // together, would have too much.
  virtual base::Result<std::int64_t> AddExample(std::string_view dataset_id,
                                                const Example& example) = 0;

  // Gives an example another `expected` and returns it as it is now. kNotFound: there is none.
  // kResourceExhausted: all datasets together would have too much.
  virtual base::Result<Example> SetExpected(std::string_view dataset_id, std::string_view id,
                                            std::string_view expected, std::int64_t now_ns) = 0;

  // Returns whether there was one.
  virtual base::Result<bool> DeleteExample(std::string_view dataset_id, std::string_view id,
                                           std::int64_t now_ns) = 0;

  DatasetStore(const DatasetStore&) = delete;
  DatasetStore& operator=(const DatasetStore&) = delete;

 protected:
  DatasetStore() = default;
};

}  // namespace sightline::store
