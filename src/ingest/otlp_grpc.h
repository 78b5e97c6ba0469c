// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

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

  void Handle(net::GrpcRequest request, net::GrpcResponder responder);

  // The hook for net::GrpcServerOptions.
  std::unique_ptr<net::AdmissionTicket> Admit();

 private:
  Pipeline& pipeline_;
  ByteBudget& budget_;
  base::LossTable& losses_;
};

}  // namespace sightline::ingest
