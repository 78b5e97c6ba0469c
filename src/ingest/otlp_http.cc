// SPDX-License-Identifier: Apache-2.0
#include "ingest/otlp_http.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "ingest/budget_ticket.h"
#include "net/body_codec.h"
#include "net/grpc_status.h"
#include "net/http_status.h"
#include "otlp/response.h"

namespace sightline::ingest {
namespace {

constexpr std::string_view kProtobufType = "application/x-protobuf";
constexpr std::string_view kJsonType = "application/json";

std::optional<otlp::Signal> SignalOf(std::string_view path) {
  if (path == "/v1/traces") {
    return otlp::Signal::kTraces;
  }
  if (path == "/v1/logs") {
    return otlp::Signal::kLogs;
  }
  if (path == "/v1/metrics") {
    return otlp::Signal::kMetrics;
  }
  return std::nullopt;
}

std::optional<otlp::Encoding> EncodingOf(const net::HttpRequest& request) {
  std::string_view type = request.headers.Find("Content-Type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) {
    type.remove_suffix(1);
  }
  if (net::EqualsIgnoringCase(type, kProtobufType)) {
    return otlp::Encoding::kProtobuf;
  }
  if (net::EqualsIgnoringCase(type, kJsonType)) {
    return otlp::Encoding::kJson;
  }
  return std::nullopt;
}

net::HttpResponse Response(int status, std::string body, otlp::Encoding encoding) {
  return {
      .status = status,
      .body = std::move(body),
      .content_type = std::string(encoding == otlp::Encoding::kJson ? kJsonType : kProtobufType)};
}

net::HttpResponse ErrorResponse(const base::Error& error,
                                std::optional<std::chrono::seconds> retry_after,
                                otlp::Encoding encoding) {
  int status = net::HttpStatusOf(error.code());
  if (error.code() == base::Code::kResourceExhausted && retry_after) {
    status = 429;
  } else if (error.code() == base::Code::kUnimplemented) {
    status = 415;
  }
  net::HttpResponse response =
      Response(status, otlp::EncodeStatus(net::GrpcCodeOf(error.code()), error.message(), encoding),
               encoding);
  if (retry_after) {
    response.headers.Add("Retry-After", std::to_string(retry_after->count()));
  }
  return response;
}

}  // namespace

std::unique_ptr<net::AdmissionTicket> OtlpHttpReceiver::Admit(const net::HttpRequest&) {
  return MakeTicket(budget_);
}

net::HttpResponse OtlpHttpReceiver::RenderError(const net::HttpRequest& head, int status,
                                                std::string_view detail) {
  const otlp::Encoding encoding = EncodingOf(head).value_or(otlp::Encoding::kJson);
  return Response(
      status, otlp::EncodeStatus(net::GrpcCodeOf(net::CodeOfHttpStatus(status)), detail, encoding),
      encoding);
}

void OtlpHttpReceiver::Handle(net::HttpRequest request, net::ResponseSink sink) {
  const auto refuse = [&](int status, std::string_view detail) {
    losses_.Count(base::Loss::kRequestUnsupported);
    net::HttpResponse response = RenderError(request, status, detail);
    if (status == 405) {
      response.headers.Add("Allow", "POST");
    }
    sink.Answer(std::move(response));
  };
  const auto signal = SignalOf(request.path);
  if (!signal) {
    refuse(404, "no such path; OTLP is at /v1/traces, /v1/logs and /v1/metrics");
    return;
  }
  if (request.method != "POST") {
    refuse(405, "only POST is served here");
    return;
  }
  const auto encoding = EncodingOf(request);
  if (!encoding) {
    refuse(415, "Content-Type must be application/x-protobuf or application/json");
    return;
  }
  const std::string content_encoding(request.headers.Find("Content-Encoding").value_or(""));
  if (!net::IsSupportedEncoding(content_encoding)) {
    refuse(415, "Content-Encoding must be gzip, deflate or zstd");
    return;
  }
  Job job{.signal = *signal,
          .encoding = *encoding,
          .content_encoding = content_encoding,
          .body = std::move(request.body),
          .charge = TakeCharge(request.admission.get())};
  job.answer = [signal = *signal, encoding = *encoding,
                sink = std::make_shared<net::ResponseSink>(std::move(sink))](
                   const base::Result<otlp::PartialSuccess>& outcome,
                   std::optional<std::chrono::seconds> retry_after) {
    if (outcome.has_value()) {
      sink->Answer(Response(200, otlp::EncodeResponse(signal, *outcome, encoding), encoding));
    } else {
      sink->Answer(ErrorResponse(outcome.error(), retry_after, encoding));
    }
  };
  pipeline_.Submit(std::move(job));
}

}  // namespace sightline::ingest
