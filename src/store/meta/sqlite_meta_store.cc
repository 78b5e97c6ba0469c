// SPDX-License-Identifier: Apache-2.0
#include "store/meta/sqlite_meta_store.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>

#include "store/meta/annotations.h"
#include "store/meta/saved.h"
#include "store/meta/scores.h"

namespace sightline::store::meta {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kMoreTries = 2;
constexpr auto kPauseBetweenTries = std::chrono::milliseconds(100);

constexpr std::int64_t kMostPrices = 20'000;
constexpr std::int64_t kMostKeptVersions = 100'000;

constexpr std::string_view kPriceColumns =
    "version, provider, model, from_ns, document, source, created_ns";

PriceRow PriceOf(const Statement& row) {
  return {.version = row.Int(0),
          .provider = row.Text(1),
          .model = row.Text(2),
          .from_ns = row.Int(3),
          .document = row.Text(4),
          .source = row.Text(5),
          .created_ns = row.Int(6)};
}

std::string ProblemText(const std::filesystem::path& file, std::string_view cause) {
  return fmt::format(
      "cannot use the metadata store {}: {}; prices that were set do not apply, and nothing "
      "that people keep can be read or changed: restore the file from a backup, or move it away, "
      "and start again",
      file.string(), cause);
}

Result<std::vector<PriceRow>> ReadPrices(const Database& database) {
  Statement rows = TRY(database.Prepare(
      fmt::format("SELECT {} FROM prices WHERE is_current = 1 ORDER BY provider, model, from_ns",
                  kPriceColumns)));
  std::vector<PriceRow> prices;
  while (TRY(rows.Step())) {
    prices.push_back(PriceOf(rows));
  }
  return prices;
}

Result<std::optional<PriceRow>> ReadPrice(const Database& database, std::int64_t version) {
  Statement row =
      TRY(database.Prepare(fmt::format("SELECT {} FROM prices WHERE version = ?", kPriceColumns)));
  row.Bind(1, version);
  const bool is_there = TRY(row.Step());
  return is_there ? std::optional<PriceRow>(PriceOf(row)) : std::nullopt;
}

Result<std::int64_t> EndPrices(Database& database, std::string_view provider,
                               std::string_view model, std::optional<std::int64_t> from_ns,
                               std::int64_t now_ns) {
  Statement end = TRY(database.Prepare(fmt::format(
      "UPDATE prices SET is_current = 0, ended_ns = ? WHERE is_current = 1 AND provider = ? AND "
      "model = ?{}",
      from_ns ? " AND from_ns = ?" : "")));
  end.Bind(1, now_ns).Bind(2, provider).Bind(3, model);
  if (from_ns) {
    end.Bind(4, *from_ns);
  }
  TRY(end.Run());
  return database.changes();
}

Result<std::vector<std::int64_t>> WritePrices(Database& database,
                                              std::span<const PriceRow> prices) {
  Transaction transaction = TRY(Transaction::Begin(database));
  Statement insert = TRY(database.Prepare(
      "INSERT INTO prices (provider, model, from_ns, document, source, created_ns) "
      "VALUES (?, ?, ?, ?, ?, ?)"));
  std::vector<std::int64_t> versions;
  versions.reserve(prices.size());
  for (const PriceRow& price : prices) {
    TRY(EndPrices(database, price.provider, price.model, price.from_ns, price.created_ns));
    insert.Bind(1, price.provider).Bind(2, price.model).Bind(3, price.from_ns);
    insert.Bind(4, price.document).Bind(5, price.source).Bind(6, price.created_ns);
    TRY(insert.Run());
    versions.push_back(database.last_row_id());
  }
  if (TRY(database.Number("SELECT count(*) FROM prices WHERE is_current = 1")) > kMostPrices) {
    return Error(Code::kResourceExhausted,
                 fmt::format("over {} own prices: delete some first", kMostPrices));
  }
  TRY(
      database.Execute(fmt::format("DELETE FROM prices WHERE is_current = 0 AND version <= "
                                   "(SELECT max(version) FROM prices) - {}",
                                   kMostKeptVersions)));
  TRY(transaction.Commit());
  return versions;
}

}  // namespace

Result<std::unique_ptr<SqliteMetaStore>> SqliteMetaStore::Open(const Options& options) {
  TRY(RefuseNewer(options.file, options.migrations.size()));
  Result<Database> database = OpenDatabase(options);
  // What is out of use now stays so: one read that failed must not be the reason.
  for (int i = 0;
       i < kMoreTries && !database.has_value() && database.error().code() == Code::kUnavailable;
       ++i) {
    std::this_thread::sleep_for(kPauseBetweenTries);
    database = OpenDatabase(options);
  }
  if (!database.has_value() && database.error().code() == Code::kFailedPrecondition) {
    return database.error();
  }
  return std::unique_ptr<SqliteMetaStore>(new SqliteMetaStore(options, std::move(database)));
}

SqliteMetaStore::SqliteMetaStore(const Options& options, Result<Database> database)
    : file_(options.file),
      most_scores_(options.most_scores),
      most_annotations_(options.most_annotations),
      dataset_limits_(options.datasets),
      losses_(options.losses) {
  const base::MutexLock lock(mutex_);
  if (database.has_value()) {
    database_ = std::move(*database);
  } else {
    problem_ = ProblemText(file_, database.error().message());
  }
}

Result<Database> SqliteMetaStore::OpenDatabase(const Options& options) {
  Database database = TRY(Database::Open(options.file));
  const std::string damage = TRY(database.QuickCheck());
  if (!damage.empty()) {
    return Error(Code::kDataLoss, damage);
  }
  TRY(Migrate(options.file, database, options.migrations));
  return database;
}

std::string SqliteMetaStore::problem() const {
  const base::MutexLock lock(mutex_);
  return problem_;
}

Error SqliteMetaStore::Refusal() const {
  return {Code::kUnavailable, problem_};
}

Error SqliteMetaStore::Noted(const Error& error) const {
  if (error.code() != Code::kDataLoss) {
    return error;
  }
  problem_ = ProblemText(file_, error.message());
  database_.reset();
  return Refusal();
}

template <typename Call>
auto SqliteMetaStore::Ask(const Call& call) const -> decltype(call(std::declval<Database&>())) {
  const base::MutexLock lock(mutex_);
  if (!database_) {
    return Refusal();
  }
  auto answer = call(*database_);
  if (!answer.has_value()) {
    return Noted(answer.error());
  }
  return answer;
}

Result<std::vector<PriceRow>> SqliteMetaStore::Prices() const {
  return Ask([](Database& database) { return ReadPrices(database); });
}

Result<std::optional<PriceRow>> SqliteMetaStore::FindPrice(std::int64_t version) const {
  return Ask([&](Database& database) { return ReadPrice(database, version); });
}

Result<std::vector<std::int64_t>> SqliteMetaStore::SetPrices(std::span<const PriceRow> prices) {
  return Ask([&](Database& database) { return WritePrices(database, prices); });
}

Result<std::int64_t> SqliteMetaStore::DeletePrices(std::string_view provider,
                                                   std::string_view model,
                                                   std::optional<std::int64_t> from_ns,
                                                   std::int64_t now_ns) {
  return Ask(
      [&](Database& database) { return EndPrices(database, provider, model, from_ns, now_ns); });
}

Result<std::vector<SavedDocument>> SqliteMetaStore::Saved(SavedKind kind) const {
  return Ask([&](Database& database) { return ReadSaved(database, kind); });
}

Result<std::optional<SavedDocument>> SqliteMetaStore::FindSaved(SavedKind kind,
                                                                std::string_view id) const {
  return Ask([&](Database& database) { return meta::FindSaved(database, kind, id); });
}

Result<void> SqliteMetaStore::AddSaved(SavedKind kind, const SavedDocument& document) {
  return Ask([&](Database& database) { return meta::AddSaved(database, kind, document); });
}

Result<SavedDocument> SqliteMetaStore::ReplaceSaved(SavedKind kind, const SavedDocument& document) {
  return Ask([&](Database& database) { return meta::ReplaceSaved(database, kind, document); });
}

Result<bool> SqliteMetaStore::DeleteSaved(SavedKind kind, std::string_view id) {
  return Ask([&](Database& database) { return meta::DeleteSaved(database, kind, id); });
}

Result<void> SqliteMetaStore::PutScores(std::span<const Score> scores) {
  const std::int64_t forgotten =
      TRY(Ask([&](Database& database) { return meta::PutScores(database, scores, most_scores_); }));
  if (losses_ != nullptr) {
    losses_->Count(base::Loss::kScoreForgotten, static_cast<std::uint64_t>(forgotten));
  }
  return {};
}

Result<std::vector<Score>> SqliteMetaStore::Scores(const ScoreQuery& query) const {
  return Ask([&](Database& database) { return ReadScores(database, query); });
}

Result<bool> SqliteMetaStore::DeleteScore(std::string_view id) {
  return Ask([&](Database& database) { return meta::DeleteScore(database, id); });
}

Result<void> SqliteMetaStore::BackUp(const std::filesystem::path& file) const {
  return Ask([&](Database& database) { return CopyTo(database, file); });
}

Result<std::vector<Dataset>> SqliteMetaStore::Datasets() const {
  return Ask([](Database& database) { return ReadDatasets(database); });
}

Result<std::optional<Dataset>> SqliteMetaStore::FindDataset(std::string_view id) const {
  return Ask([&](Database& database) { return meta::FindDataset(database, id); });
}

Result<void> SqliteMetaStore::AddDataset(const Dataset& dataset) {
  return Ask(
      [&](Database& database) { return meta::AddDataset(database, dataset, dataset_limits_); });
}

Result<Dataset> SqliteMetaStore::ReplaceDataset(const Dataset& dataset) {
  return Ask([&](Database& database) { return meta::ReplaceDataset(database, dataset); });
}

Result<bool> SqliteMetaStore::DeleteDataset(std::string_view id) {
  return Ask([&](Database& database) { return meta::DeleteDataset(database, id); });
}

Result<ExamplePage> SqliteMetaStore::Examples(std::string_view dataset_id, std::int64_t after,
                                              std::size_t limit, std::size_t most_bytes) const {
  return Ask([&](Database& database) {
    return ReadExamples(database, dataset_id, after, limit, most_bytes);
  });
}

Result<std::int64_t> SqliteMetaStore::AddExample(std::string_view dataset_id,
                                                 const Example& example) {
  return Ask([&](Database& database) {
    return meta::AddExample(database, dataset_id, example, dataset_limits_);
  });
}

Result<Example> SqliteMetaStore::SetExpected(std::string_view dataset_id, std::string_view id,
                                             std::string_view expected, std::int64_t now_ns) {
  return Ask([&](Database& database) {
    return meta::SetExpected(database, dataset_id, id, expected, now_ns, dataset_limits_);
  });
}

Result<bool> SqliteMetaStore::DeleteExample(std::string_view dataset_id, std::string_view id,
                                            std::int64_t now_ns) {
  return Ask(
      [&](Database& database) { return meta::DeleteExample(database, dataset_id, id, now_ns); });
}

Result<std::vector<Annotation>> SqliteMetaStore::Annotations(const AnnotationQuery& query) const {
  return Ask([&](Database& database) { return ReadAnnotations(database, query); });
}

Result<void> SqliteMetaStore::AddAnnotation(const Annotation& annotation) {
  return Ask([&](Database& database) {
    return meta::AddAnnotation(database, annotation, most_annotations_);
  });
}

Result<bool> SqliteMetaStore::DeleteAnnotation(std::string_view id) {
  return Ask([&](Database& database) { return meta::DeleteAnnotation(database, id); });
}

namespace {

// A copy of a database and its log in a directory of its own, which goes with it. Even a reader of
// SQLite makes files beside a database, and a check must not change anything.
class ScratchCopy {
 public:
  static Result<ScratchCopy> Of(const std::filesystem::path& file) {
    std::error_code error;
    // mkdtemp puts a name of its own in the place of each X.
    std::string pattern = std::filesystem::temp_directory_path(error) / "sightline-check-XXXXXX";
    if (error || ::mkdtemp(pattern.data()) == nullptr) {
      return base::Error(base::Code::kUnavailable, "no temporary directory can be made");
    }
    ScratchCopy copy(pattern);
    for (const std::string_view suffix : {"", "-wal"}) {
      const std::string from = fmt::format("{}{}", file.string(), suffix);
      if (!std::filesystem::exists(from, error)) {
        continue;
      }
      if (!std::filesystem::copy_file(from, fmt::format("{}{}", copy.file().string(), suffix),
                                      error)) {
        return base::Error(base::Code::kUnavailable,
                           fmt::format("cannot copy {}: {}", from, error.message()));
      }
    }
    return copy;
  }

  ScratchCopy(ScratchCopy&& other) noexcept : directory_(std::exchange(other.directory_, {})) {}

  ScratchCopy& operator=(ScratchCopy&&) = delete;
  ScratchCopy(const ScratchCopy&) = delete;
  ScratchCopy& operator=(const ScratchCopy&) = delete;

  ~ScratchCopy() {
    if (!directory_.empty()) {
      std::error_code ignored;  // It is in the directory for what may be forgotten.
      std::filesystem::remove_all(directory_, ignored);
    }
  }

  std::filesystem::path file() const { return directory_ / "metadata.db"; }

 private:
  explicit ScratchCopy(std::filesystem::path directory) : directory_(std::move(directory)) {}

  std::filesystem::path directory_;
};

}  // namespace

Result<std::vector<std::string>> CheckMetadata(const std::filesystem::path& file) {
  std::vector<std::string> problems;
  if (!std::filesystem::exists(file)) {
    return problems;
  }
  const ScratchCopy copy = TRY(ScratchCopy::Of(file));
  TRY(RefuseNewer(copy.file(), Migrations().size()));
  const auto read = [&]() -> Result<std::string> {
    const Database database = TRY(Database::OpenReadOnly(copy.file()));
    return database.QuickCheck();
  };
  const Result<std::string> damage = read();
  const std::string text = damage.has_value() ? *damage : damage.error().message();
  if (!text.empty()) {
    problems.push_back(fmt::format("metadata store: {}", text));
  }
  return problems;
}

}  // namespace sightline::store::meta
