// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "model/run_record.h"

namespace sightline::model {

// An estimate of the memory of a record, with that of its texts.
std::size_t BytesOf(const RunRecord& record);

}  // namespace sightline::model
