// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "base/result.h"
#include "store/meta/database.h"

namespace sightline::store::meta {

// The steps from an empty database to the present one: entry i leads from version i to i + 1.
// Append only; what has been released is never edited.
std::span<const std::string_view> Migrations();

// Whether the file says that it was written by a version that knows more than `known` steps. Reads
// the file's header only and changes nothing. Success when the file is not there or is unreadable.
// kFailedPrecondition: it was, in one sentence.
base::Result<void> RefuseNewer(const std::filesystem::path& file, std::size_t known);

// Brings a database to the version that `migrations` lead to, each step in a transaction of its
// own. Before each step but the first the file is copied to "<file>.version-<n>", n being the
// version that it has; a copy that exists is replaced. After an error the database has the version
// that the last whole step led to. kFailedPrecondition: the database is newer.
base::Result<void> Migrate(const std::filesystem::path& file, Database& database,
                           std::span<const std::string_view> migrations);

// A consistent copy of the database in a file of its own, durable on return.
base::Result<void> CopyTo(Database& database, const std::filesystem::path& file);

}  // namespace sightline::store::meta
