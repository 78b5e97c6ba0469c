// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/loss.h"
#include "base/mutex.h"
#include "base/result.h"
#include "store/annotation_store.h"
#include "store/dataset_store.h"
#include "store/meta/database.h"
#include "store/meta/datasets.h"
#include "store/meta/migrations.h"
#include "store/meta_store.h"

namespace sightline::store::meta {

// All that people edit, in one SQLite file. A file that is damaged does not keep the server from
// starting: the store then says so in problem() and refuses every call, and the file is left as it
// is.
//
// Thread: any.
class SqliteMetaStore final : public MetaStore, public DatasetStore, public AnnotationStore {
 public:
  struct Options {
    std::filesystem::path file;  // Its directory must exist.
    std::span<const std::string_view> migrations = Migrations();
    std::int64_t most_scores = 2'000'000;
    std::int64_t most_annotations = 100'000;
    DatasetLimits datasets = {};
    base::LossTable* losses = nullptr;  // Null: losses are not counted.
  };

  // kFailedPrecondition: the file was written by a newer version; nothing has been changed.
  static base::Result<std::unique_ptr<SqliteMetaStore>> Open(const Options& options);

  std::string problem() const override;
  base::Result<std::vector<PriceRow>> Prices() const override;
  base::Result<std::optional<PriceRow>> FindPrice(std::int64_t version) const override;
  base::Result<std::vector<std::int64_t>> SetPrices(std::span<const PriceRow> prices) override;
  base::Result<std::int64_t> DeletePrices(std::string_view provider, std::string_view model,
                                          std::optional<std::int64_t> from_ns,
                                          std::int64_t now_ns) override;
  base::Result<std::vector<SavedDocument>> Saved(SavedKind kind) const override;
  base::Result<std::optional<SavedDocument>> FindSaved(SavedKind kind,
                                                       std::string_view id) const override;
  base::Result<void> AddSaved(SavedKind kind, const SavedDocument& document) override;
  base::Result<SavedDocument> ReplaceSaved(SavedKind kind, const SavedDocument& document) override;
  base::Result<bool> DeleteSaved(SavedKind kind, std::string_view id) override;
  base::Result<void> PutScores(std::span<const Score> scores) override;
  base::Result<std::vector<Score>> Scores(const ScoreQuery& query) const override;
  base::Result<bool> DeleteScore(std::string_view id) override;
  base::Result<void> BackUp(const std::filesystem::path& file) const override;

  base::Result<std::vector<Dataset>> Datasets() const override;
  base::Result<std::optional<Dataset>> FindDataset(std::string_view id) const override;
  base::Result<void> AddDataset(const Dataset& dataset) override;
  base::Result<Dataset> ReplaceDataset(const Dataset& dataset) override;
  base::Result<bool> DeleteDataset(std::string_view id) override;
  base::Result<ExamplePage> Examples(std::string_view dataset_id, std::int64_t after,
                                     std::size_t limit, std::size_t most_bytes) const override;
  base::Result<std::int64_t> AddExample(std::string_view dataset_id,
                                        const Example& example) override;
  base::Result<Example> SetExpected(std::string_view dataset_id, std::string_view id,
                                    std::string_view expected, std::int64_t now_ns) override;
  base::Result<bool> DeleteExample(std::string_view dataset_id, std::string_view id,
                                   std::int64_t now_ns) override;

  base::Result<std::vector<Annotation>> Annotations(const AnnotationQuery& query) const override;
  base::Result<void> AddAnnotation(const Annotation& annotation) override;
  base::Result<bool> DeleteAnnotation(std::string_view id) override;

 private:
  SqliteMetaStore(const Options& options, base::Result<Database> database);

  static base::Result<Database> OpenDatabase(const Options& options);

  // Why a call is refused; the lock is held.
  base::Error Refusal() const REQUIRES(mutex_);
  // What `call` makes of the database, or why it cannot be asked.
  template <typename Call>
  auto Ask(const Call& call) const -> decltype(call(std::declval<Database&>()));

  // Remembers damage that a call has met.
  base::Error Noted(const base::Error& error) const REQUIRES(mutex_);

  const std::filesystem::path file_;
  const std::int64_t most_scores_;
  const std::int64_t most_annotations_;
  const DatasetLimits dataset_limits_;
  base::LossTable* const losses_;
  mutable base::Mutex mutex_;
  mutable std::optional<Database> database_ GUARDED_BY(mutex_);  // Empty when damaged.
  mutable std::string problem_ GUARDED_BY(mutex_);
};

// For `sightline check`: what is wrong with the file, a line each; none when it is not there.
// kFailedPrecondition: it is newer.
base::Result<std::vector<std::string>> CheckMetadata(const std::filesystem::path& file);

}  // namespace sightline::store::meta
