// SPDX-License-Identifier: Apache-2.0
#include "server/otlp_listeners.h"

#include <utility>

namespace sightline::server {

base::Result<std::unique_ptr<OtlpListeners>> OtlpListeners::Open(const Parts& parts,
                                                                 net::GrpcServerOptions grpc,
                                                                 net::HttpServerOptions http) {
  auto opened = std::unique_ptr<OtlpListeners>(new OtlpListeners(parts));
  grpc.admission = [&receiver = opened->grpc_receiver_] { return receiver.Admit(); };
  opened->grpc_ = TRY(net::GrpcServer::Create(
      std::move(grpc),
      [&receiver = opened->grpc_receiver_](net::GrpcRequest request, net::GrpcResponder responder) {
        receiver.Handle(std::move(request), std::move(responder));
      },
      parts.losses));
  http.admission = [&receiver = opened->http_receiver_](const net::HttpRequest& head) {
    return receiver.Admit(head);
  };
  http.render_error = ingest::OtlpHttpReceiver::RenderError;
  opened->http_ = TRY(net::HttpServer::Create(
      std::move(http),
      [&receiver = opened->http_receiver_](net::HttpRequest request, net::ResponseSink sink) {
        receiver.Handle(std::move(request), std::move(sink));
      },
      parts.losses));
  return opened;
}

void OtlpListeners::Stop(std::chrono::steady_clock::time_point deadline) {
  http_->BeginStop();
  grpc_->Stop(TimeLeft(deadline));
  http_->Stop(TimeLeft(deadline));
}

}  // namespace sightline::server
