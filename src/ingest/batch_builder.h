// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/loss.h"
#include "ingest/recent_rows.h"
#include "ingest/row_encoder.h"
#include "ingest/unmapped_keys.h"
#include "model/batch.h"
#include "normalize/normalizer.h"
#include "otlp/request.h"
#include "pricing/current_prices.h"
#include "store/store.h"

namespace sightline::ingest {

// Turns a decoded request into a batch: normalised, priced, in stored form, without what is invalid
// or was received before.
//
// Thread: any. What it refers to must outlive it.
class BatchBuilder {
 public:
  struct Parts {
    const normalize::Normalizer& normalizer;
    const pricing::CurrentPrices& prices;
    const RecentRows& recent;
    store::BodyCatalog& bodies;
    base::LossTable& losses;
    RowEncoder::Limits limits;
    UnmappedKeys* unmapped = nullptr;  // Null: keys that no rule knows are not counted.
  };

  explicit BatchBuilder(const Parts& parts) : parts_(parts) {}

  struct Built {
    std::shared_ptr<model::Batch> batch;  // Its views may point into the request's bytes.
    // Of the batch's spans, of those that have not ended, and of its points.
    std::vector<RecentRows::Fingerprint> fingerprints;
    std::int64_t rejected = 0;  // Spans, log records or points that are not in it.
  };

  // `now_ns` is the wall time of arrival.
  Built Build(const otlp::Request& request, std::int64_t now_ns) const;

 private:
  class Run;

  Parts parts_;
};

}  // namespace sightline::ingest
