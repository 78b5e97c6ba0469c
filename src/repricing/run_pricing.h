// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "pricing/price_book.h"
#include "repricing/job.h"
#include "store/price_store.h"

namespace sightline::repricing {

// What other prices make of settled runs.
//
// Thread: value.
struct Repriced {
  store::Correction correction;  // Without its progress; no runs when nothing changes.
  Difference difference;
};

// Prices the calls of settled runs by `book`. What the senders state about costs stays, and so does
// a cost that the book gives by another version of its rule. Of one run up to `max_spans` spans are
// looked at, as live state does.
Repriced PriceRuns(std::span<const store::SettledRun> runs, const pricing::PriceBook& book,
                   std::size_t max_spans);

}  // namespace sightline::repricing
