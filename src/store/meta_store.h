// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sightline::store {

// A price that somebody has set. What the document says is pricing's business
// (pricing/own_price.h).
//
// Thread: value.
struct PriceRow {
  std::int64_t version = 0;  // Given by the store, never twice: names this state of the price.
  std::string provider;
  std::string model;
  std::int64_t from_ns = 0;
  std::string document;  // JSON.
  std::string source;    // Who set it: "api", "litellm".
  std::int64_t created_ns = 0;
};

// What a saved document is of. Kinds do not see each other.
enum class SavedKind : std::uint8_t { kView, kDashboard, kRepricing };

// Something that people save as a whole under a name. What the document says is the API's business.
//
// Thread: value.
struct SavedDocument {
  std::string id;  // Given by who makes it, unique in its kind.
  std::string name;
  std::string document;      // JSON.
  std::int64_t version = 0;  // Given by the store: 1, and one more with every change.
  std::int64_t created_ns = 0;
  std::int64_t updated_ns = 0;
};

enum class ScoreKind : std::uint8_t { kNumber, kCategory, kBoolean };

// What somebody, or something, thinks of a run, a step or a session.
//
// Thread: value.
struct Score {
  std::string id;          // Given by who makes it. Of two with one id the later one holds.
  std::string trace_id;    // Hex; "" when it is of a session.
  std::string span_id;     // Hex; "" when it is of a whole run or a session.
  std::string session_id;  // "" when it is of a run or a step.
  std::string name;
  ScoreKind kind = ScoreKind::kNumber;
  double number = 0;  // 0 or 1 of a boolean.
  std::string text;   // A category; of others what the judge calls the outcome, or "".
  std::string comment;
  std::string source;  // What kind of judge: "api", "person", ...
  std::string author;
  std::int64_t time_ns = 0;  // When it was given.
};

// How ids of scores begin that came with telemetry.
inline constexpr std::string_view kTelemetryScoreId = "otlp:";

// A place in the list of scores, which has the newest first.
struct ScorePlace {
  std::int64_t time_ns = 0;
  std::string id;
};

// Which scores are asked for. Absent filters match everything; all given ones must match.
//
// Thread: value.
struct ScoreQuery {
  std::vector<std::string> trace_ids;  // Any of them; empty: of all.
  std::optional<std::string> span_id;
  std::optional<std::string> session_id;
  std::optional<std::string> name;
  std::optional<std::string> source;
  std::optional<std::string> author;
  std::optional<std::string> text;  // A category, or what an outcome is called.
  std::optional<double> least;      // A number or a boolean.
  std::optional<double> most;
  std::optional<std::int64_t> start_ns;
  std::optional<std::int64_t> end_ns;
  bool of_runs_only = false;        // Neither of steps nor of sessions.
  std::optional<ScorePlace> after;  // Those after it in the list.
  std::size_t limit = 100;
};

// What people edit, as opposed to what telemetry tells: prices, saved views,
// dashboards, scores. Durable when a call returns.
//
// Errors: kUnavailable while the store is damaged or the disk is full; nothing has changed then.
//
// Thread: any; calls block.
class MetaStore {
 public:
  virtual ~MetaStore() = default;

  // Why it cannot be used, in a sentence for people; "" while it can.
  virtual std::string problem() const = 0;

  // The prices that are set, by provider, model and start.
  virtual base::Result<std::vector<PriceRow>> Prices() const = 0;

  // A price as it once was, also when it has been replaced or deleted since. Empty: there is none,
  // or it has been forgotten: the 100,000 newest are kept.
  virtual base::Result<std::optional<PriceRow>> FindPrice(std::int64_t version) const = 0;

  // Sets all of them or none; each takes the place of the one of the same provider, model and
  // start. Versions in `prices` are not read. Returns the versions, in the same order.
  // kResourceExhausted: more than 20,000 would be set.
  virtual base::Result<std::vector<std::int64_t>> SetPrices(std::span<const PriceRow> prices) = 0;

  // Deletes the price that begins at `from_ns`, or without it all of the model. Returns how many.
  virtual base::Result<std::int64_t> DeletePrices(std::string_view provider, std::string_view model,
                                                  std::optional<std::int64_t> from_ns,
                                                  std::int64_t now_ns) = 0;

  // All of a kind, by name and id.
  virtual base::Result<std::vector<SavedDocument>> Saved(SavedKind kind) const = 0;

  // Empty: there is none of that id.
  virtual base::Result<std::optional<SavedDocument>> FindSaved(SavedKind kind,
                                                               std::string_view id) const = 0;

  // Adds a document as version 1; its version is not read. kResourceExhausted: there are 1,000 of
  // the kind.
  virtual base::Result<void> AddSaved(SavedKind kind, const SavedDocument& document) = 0;

  // Replaces name and document of the one of that id and returns it as it is now; `created_ns` is
  // not read, nor is `version` unless it is over 0: then the stored one must have that version.
  // kNotFound: there is none. kFailedPrecondition: it has another version.
  virtual base::Result<SavedDocument> ReplaceSaved(SavedKind kind,
                                                   const SavedDocument& document) = 0;

  // Returns whether there was one.
  virtual base::Result<bool> DeleteSaved(SavedKind kind, std::string_view id) = 0;

  // Stores all of them or none. At most 2,000,000 are kept: beyond, the oldest of those that came
  // with telemetry go. kResourceExhausted: there are too many others.
  virtual base::Result<void> PutScores(std::span<const Score> scores) = 0;

  // The newest first, then by id, downwards.
  virtual base::Result<std::vector<Score>> Scores(const ScoreQuery& query) const = 0;

  // Returns whether there was one.
  virtual base::Result<bool> DeleteScore(std::string_view id) = 0;

  // Writes a consistent copy of the whole store to a file, durably; a file that exists is replaced.
  virtual base::Result<void> BackUp(const std::filesystem::path& file) const = 0;

  MetaStore(const MetaStore&) = delete;
  MetaStore& operator=(const MetaStore&) = delete;

 protected:
  MetaStore() = default;
};

}  // namespace sightline::store
