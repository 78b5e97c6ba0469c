// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/attribution_api.h"

#include <utility>

#include <fmt/format.h>

#include "api/analyses/blame_json.h"
#include "api/request/answers.h"
#include "base/json_writer.h"

namespace sightline::api {

base::Result<std::string> AttributionApi::Json(const net::HttpRequest& request) const {
  LoadedTrace trace = TRY(loader_.Load(request.PathParameter("trace_id")));
  if (trace.view.spans.size() > kMostBlamedSpans) {
    return base::Error(base::Code::kResourceExhausted,
                       fmt::format("the run has {} spans; who made it fail is told of runs of at "
                                   "most {}",
                                   trace.view.spans.size(), kMostBlamedSpans));
  }
  Bodies bodies = TRY(loader_.LoadBodies(trace));
  base::JsonWriter json;
  WriteBlame({.trace = std::move(trace), .bodies = std::move(bodies)}, json);
  return json.Take();
}

net::HttpResponse AttributionApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(Json(request));
}

}  // namespace sightline::api
