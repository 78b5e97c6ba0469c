// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/attribution_api.h"

#include "api/analyses/blame_json.h"
#include "api/request/answers.h"
#include "api/runs/run_with_bodies.h"
#include "base/json_writer.h"

namespace sightline::api {

base::Result<std::string> AttributionApi::Json(const net::HttpRequest& request) const {
  const RunWithBodies run =
      TRY(LoadWithBodies(loader_, request.PathParameter("trace_id"), kMostBlamedSpans));
  base::JsonWriter json;
  WriteBlame(run, json);
  return json.Take();
}

net::HttpResponse AttributionApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(Json(request));
}

}  // namespace sightline::api
