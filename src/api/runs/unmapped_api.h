// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "ingest/unmapped_keys.h"
#include "net/http.h"

namespace sightline::api {

// GET /api/v1/observability/unmapped: the attribute keys that no rule knows, for a report about an
// emitter that is not understood.
//
// Thread: any. What it refers to must outlive it.
class UnmappedApi {
 public:
  // `clock` is asked once, for when counting began.
  UnmappedApi(const ingest::UnmappedKeys& keys, const base::Clock& clock)
      : keys_(keys), since_ns_(clock.NowNs()) {}

  net::HttpResponse Get(const net::HttpRequest& request) const;

 private:
  const ingest::UnmappedKeys& keys_;
  const std::int64_t since_ns_;
};

}  // namespace sightline::api
