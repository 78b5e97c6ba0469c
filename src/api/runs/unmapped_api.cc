// SPDX-License-Identifier: Apache-2.0
#include "api/runs/unmapped_api.h"

#include <algorithm>
#include <cstddef>

#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "base/json_writer.h"
#include "base/time_text.h"

namespace sightline::api {

net::HttpResponse UnmappedApi::Get(const net::HttpRequest& request) const {
  const auto limit = Parameters(request.query).Limit(200, ingest::UnmappedKeys::kMaxRows);
  if (!limit.has_value()) {
    return net::ErrorResponse(limit.error());
  }
  const ingest::UnmappedKeys::Counts counts = keys_.counts();
  base::JsonWriter json;
  json.BeginObject();
  json.Key("since").String(base::FormatTimeNs(since_ns_));
  json.Key("note").String("counted in memory since the server started; not stored");
  json.Key("total").Uint(counts.rows.size());
  json.Key("keys").BeginArray();
  for (std::size_t i = 0; i < std::min(*limit, counts.rows.size()); ++i) {
    const ingest::UnmappedKeys::Row& row = counts.rows[i];
    json.BeginObject();
    json.Key("key").String(row.key);
    json.Key("scope").String(row.scope);
    WriteText(json, "dialect", model::DialectName(row.dialect));
    json.Key("spans").Uint(row.spans);
    json.EndObject();
  }
  json.EndArray();
  json.Key("left_out").Uint(counts.left_out);
  json.EndObject();
  return JsonAnswer(json.Take());
}

}  // namespace sightline::api
