// SPDX-License-Identifier: Apache-2.0
#include "ingest/otlp_grpc.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "ingest/budget_ticket.h"
#include "otlp/response.h"

namespace sightline::ingest {
namespace {

std::optional<otlp::Signal> SignalOf(std::string_view method) {
  constexpr std::string_view kPackage = "/opentelemetry.proto.collector.";
  if (!method.starts_with(kPackage)) {
    return std::nullopt;
  }
  method.remove_prefix(kPackage.size());
  if (method == "trace.v1.TraceService/Export") {
    return otlp::Signal::kTraces;
  }
  if (method == "logs.v1.LogsService/Export") {
    return otlp::Signal::kLogs;
  }
  if (method == "metrics.v1.MetricsService/Export") {
    return otlp::Signal::kMetrics;
  }
  return std::nullopt;
}

}  // namespace

std::unique_ptr<net::AdmissionTicket> OtlpGrpcReceiver::Admit() {
  return MakeTicket(budget_);
}

void OtlpGrpcReceiver::Handle(net::GrpcRequest request, net::GrpcResponder responder) {
  const auto signal = SignalOf(request.method);
  if (!signal) {
    losses_.Count(base::Loss::kRequestUnsupported);
    responder.Fail(base::Error(base::Code::kUnimplemented, "unknown method " + request.method));
    return;
  }
  Job job{.signal = *signal,
          .content_encoding = std::move(request.encoding),
          .body = std::move(request.message),
          .charge = TakeCharge(request.admission.get())};
  job.answer = [signal = *signal,
                responder = std::make_shared<net::GrpcResponder>(std::move(responder))](
                   const base::Result<otlp::PartialSuccess>& outcome,
                   std::optional<std::chrono::seconds> retry_after) {
    if (outcome.has_value()) {
      responder->Answer(otlp::EncodeResponse(signal, *outcome, otlp::Encoding::kProtobuf));
    } else if (retry_after) {
      // Whatever the cause, UNAVAILABLE is what every OTLP client retries.
      responder->Fail(base::Error(base::Code::kUnavailable, outcome.error().message()),
                      *retry_after);
    } else {
      responder->Fail(outcome.error());
    }
  };
  pipeline_.Submit(std::move(job));
}

}  // namespace sightline::ingest
