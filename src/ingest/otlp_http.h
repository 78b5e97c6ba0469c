// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "base/loss.h"
#include "ingest/byte_budget.h"
#include "ingest/pipeline.h"
#include "net/http_server.h"

namespace sightline::ingest {

// OTLP over HTTP: POST /v1/traces, /v1/logs and /v1/metrics, protobuf or JSON, answered in the
// encoding of the request. Errors are google.rpc.Status; 429 and 503 carry Retry-After.
//
// Thread: any. The pipeline, budget and loss table must outlive it and the server that calls it.
class OtlpHttpReceiver {
 public:
  OtlpHttpReceiver(Pipeline& pipeline, ByteBudget& budget, base::LossTable& losses)
      : pipeline_(pipeline), budget_(budget), losses_(losses) {}

  void Handle(net::HttpRequest request, net::ResponseSink sink);

  // Hooks for net::HttpServerOptions.
  std::unique_ptr<net::AdmissionTicket> Admit(const net::HttpRequest& head);
  static net::HttpResponse RenderError(const net::HttpRequest& head, int status,
                                       std::string_view detail);

 private:
  Pipeline& pipeline_;
  ByteBudget& budget_;
  base::LossTable& losses_;
};

}  // namespace sightline::ingest
