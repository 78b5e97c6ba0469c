// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "store/meta/database.h"
#include "store/meta/migrations.h"
#include "store/meta_store.h"

namespace sightline::store::meta {

// MetaStore in one SQLite file. A file that is damaged does not keep the server from starting: the
// store then says so in problem() and refuses every call, and the file is left as it is.
//
// Thread: any.
class SqliteMetaStore final : public MetaStore {
 public:
  struct Options {
    std::filesystem::path file;  // Its directory must exist.
    std::span<const std::string_view> migrations = Migrations();
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
  base::Result<void> BackUp(const std::filesystem::path& file) const override;

 private:
  SqliteMetaStore(std::filesystem::path file, base::Result<Database> database);

  static base::Result<Database> OpenDatabase(const Options& options);

  // Why a call is refused; the lock is held.
  base::Error Refusal() const REQUIRES(mutex_);
  // Remembers damage that a call has met.
  base::Error Noted(const base::Error& error) const REQUIRES(mutex_);

  const std::filesystem::path file_;
  mutable base::Mutex mutex_;
  mutable std::optional<Database> database_ GUARDED_BY(mutex_);  // Empty when damaged.
  mutable std::string problem_ GUARDED_BY(mutex_);
};

// For `sightline check`: what is wrong with the file, a line each; none when it is not there.
// kFailedPrecondition: it is newer.
base::Result<std::vector<std::string>> CheckMetadata(const std::filesystem::path& file);

}  // namespace sightline::store::meta
