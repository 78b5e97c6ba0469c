// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/json_writer.h"
#include "base/result.h"
#include "store/meta_store.h"

namespace sightline::api {

// A new id for something that people save: 16 hex digits that nobody can guess.
std::string NewSavedId();

// The document of a stored row. kDataLoss: it is not one.
base::Result<boost::json::object> ReadSavedObject(const store::SavedDocument& saved);

// A member as it was stored; null when it is absent.
void WriteSavedMember(const boost::json::object& object, std::string_view name,
                      base::JsonWriter& json);

// `created_at` and `updated_at`; null for what comes with the program.
void WriteSavedTimes(const store::SavedDocument& saved, base::JsonWriter& json);

// {"deleted": 1}
std::string DeletedJson();

}  // namespace sightline::api
