// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/meta/database.h"
#include "store/meta_store.h"

namespace sightline::store::meta {

// Saved documents in SQLite: what MetaStore's methods of the same names do.

base::Result<std::vector<SavedDocument>> ReadSaved(const Database& database, SavedKind kind);
base::Result<std::optional<SavedDocument>> FindSaved(const Database& database, SavedKind kind,
                                                     std::string_view id);
base::Result<void> AddSaved(Database& database, SavedKind kind, const SavedDocument& document);
base::Result<SavedDocument> ReplaceSaved(Database& database, SavedKind kind,
                                         const SavedDocument& document);
base::Result<bool> DeleteSaved(Database& database, SavedKind kind, std::string_view id);

}  // namespace sightline::store::meta
