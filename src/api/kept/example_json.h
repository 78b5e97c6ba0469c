// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "api/request/object_reader.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "store/dataset_store.h"

namespace sightline::api {

// How long each text of an example may be, as JSON.
inline constexpr std::size_t kMostExampleBytes = std::size_t{1} << 20U;

// JSON text without line breaks, as examples are kept: each is a line of an export.
std::string InOneLine(std::string json);

// kResourceExhausted: `json` is longer than `most_bytes`. `what` names it.
base::Result<void> CheckLength(std::string_view what, std::string_view json,
                               std::size_t most_bytes = kMostExampleBytes);

// A member of any type as JSON text; "" when it is absent. kResourceExhausted: it is too long.
base::Result<std::string> ReadJson(ObjectReader& reader, std::string_view name);

// The member `metadata`, an object, as JSON text; "" when it is absent. kResourceExhausted: it is
// too long.
base::Result<std::string> ReadMetadata(ObjectReader& reader);

// On one line.
void WriteExample(const store::Example& example, base::JsonWriter& json);

}  // namespace sightline::api
