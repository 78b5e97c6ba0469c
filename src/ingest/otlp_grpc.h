// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/loss.h"
#include "ingest/byte_budget.h"
#include "ingest/pipeline.h"
#include "net/grpc_server.h"

namespace sightline::ingest {

// OTLP over gRPC: the Export methods of the trace, logs and metrics services.
//
// Thread: any. The pipeline, budget and loss table must outlive it and the server that calls it.
class OtlpGrpcReceiver {
 public:
  OtlpGrpcReceiver(Pipeline& pipeline, ByteBudget& budget, base::LossTable& losses)
      : pipeline_(pipeline), budget_(budget), losses_(losses) {}

  void Handle(const std::string& method, std::string message, net::GrpcResponder responder);

 private:
  Pipeline& pipeline_;
  ByteBudget& budget_;
  base::LossTable& losses_;
};

}  // namespace sightline::ingest
