// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/batch.h"

namespace sightline::model {

// The journal's form of a Batch.
//
// Layout: format version (1 byte), arrival time, day, then five row groups: spans, pending spans,
// logs, points, bodies. A row group is a count and the rows. A row is two bitmaps over the columns
// of model/columns.h, `set` (differs from the default) and `same` (equals the row before), then the
// set columns that are not same: integers as zigzag varints, doubles as 8 bytes, texts as length
// and bytes, ids raw. Bodies are id, hash and bytes.

// Appends the encoded batch to `out`. `position` is not part of it.
void EncodeBatch(const Batch& batch, std::string& out);

// The batch whose texts are views into its own `encoded`, which takes over `record`.
// Errors: kDataLoss when the record is malformed or of a newer format version.
base::Result<std::shared_ptr<Batch>> DecodeBatch(std::string record);

}  // namespace sightline::model
