// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "store/store.h"

namespace sightline::api {

// kNotFound, as a sentence, when no run of the workflow was ever stored; a figure of 0 would look
// like an answer. Other errors are those of SpanStore::ListRuns.
//
// Thread: any.
base::Result<void> ExpectWorkflow(store::SpanStore& store, const std::string& workflow_id,
                                  store::SpanStore::Deadline deadline);

}  // namespace sightline::api
