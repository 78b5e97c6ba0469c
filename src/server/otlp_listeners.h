// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>

#include "base/loss.h"
#include "base/result.h"
#include "ingest/byte_budget.h"
#include "ingest/otlp_grpc.h"
#include "ingest/otlp_http.h"
#include "ingest/pipeline.h"
#include "net/grpc_server.h"
#include "net/http_server.h"

namespace sightline::server {

// The two ports that take OTLP, over gRPC and over HTTP, and hand it to the pipeline.
//
// Thread: one. What it refers to must outlive it.
class OtlpListeners {
 public:
  struct Parts {
    ingest::Pipeline& pipeline;
    ingest::ByteBudget& budget;
    base::LossTable& losses;
  };

  // Serves on return. Who admits requests and renders errors is set here. Errors: those of the
  // servers.
  static base::Result<std::unique_ptr<OtlpListeners>> Open(const Parts& parts,
                                                           net::GrpcServerOptions grpc,
                                                           net::HttpServerOptions http);

  std::uint16_t grpc() const { return grpc_->port(); }

  std::uint16_t http() const { return http_->port(); }

  // Takes no more, and lets what is in flight finish until `deadline`. Idempotent.
  void Stop(std::chrono::steady_clock::time_point deadline);

 private:
  explicit OtlpListeners(const Parts& parts)
      : grpc_receiver_(parts.pipeline, parts.budget, parts.losses),
        http_receiver_(parts.pipeline, parts.budget, parts.losses) {}

  ingest::OtlpGrpcReceiver grpc_receiver_;
  ingest::OtlpHttpReceiver http_receiver_;
  std::unique_ptr<net::GrpcServer> grpc_;
  std::unique_ptr<net::HttpServer> http_;
};

// How long is left until `deadline`, for what waits in milliseconds.
inline std::chrono::milliseconds TimeLeft(std::chrono::steady_clock::time_point deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return std::chrono::ceil<std::chrono::milliseconds>(std::max(left, left.zero()));
}

}  // namespace sightline::server
