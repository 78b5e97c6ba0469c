// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "ingest/byte_budget.h"
#include "net/admission.h"

namespace sightline::ingest {

// For the admission hooks of net's servers: charges a request to the budget while it is read.
std::unique_ptr<net::AdmissionTicket> MakeTicket(ByteBudget& budget);

// Takes over what a ticket of MakeTicket was charged; an empty charge for any other, and for null.
ByteBudget::Charge TakeCharge(net::AdmissionTicket* ticket);

}  // namespace sightline::ingest
