// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "ingest/byte_budget.h"
#include "net/admission.h"
#include "net/http.h"

namespace sightline::ingest {

// For net::HttpServerOptions::admission: charges a request's body to the budget while it is read.
net::AdmissionDecision AdmitToBudget(ByteBudget& budget, std::size_t size_hint);

// Takes over what AdmitToBudget charged for `request`; an empty charge when it did not.
ByteBudget::Charge TakeCharge(net::HttpRequest& request);

}  // namespace sightline::ingest
