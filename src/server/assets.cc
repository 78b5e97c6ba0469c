// SPDX-License-Identifier: Apache-2.0
#include "server/assets.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "net/body_codec.h"

namespace sightline::server {
namespace {

const EmbeddedFile* Find(std::string_view path) {
  const std::vector<EmbeddedFile>& files = EmbeddedFiles();
  const auto it = std::find_if(files.begin(), files.end(),
                               [&](const EmbeddedFile& file) { return file.path == path; });
  return it == files.end() ? nullptr : &*it;
}

// Also below a prefix: exporters append these paths to whatever base address they are given.
bool IsOtlpPath(std::string_view path) {
  for (const std::string_view end : {"/v1/traces", "/v1/logs", "/v1/metrics"}) {
    if (path.ends_with(end)) {
      return true;
    }
  }
  return path.starts_with("/opentelemetry.proto.collector.");
}

}  // namespace

net::HttpResponse ServeAsset(const net::HttpRequest& request, const OtlpPorts& otlp) {
  if (IsOtlpPath(request.path)) {
    return net::DetailResponse(
        404, fmt::format("OTLP is not received on this port but on port {} over HTTP (by default "
                         "4318) and on port {} over gRPC (by default 4317)",
                         otlp.http, otlp.grpc));
  }
  const bool is_api = request.path == "/api" || request.path.starts_with("/api/");
  if (!is_api && request.method != "GET" && request.method != "HEAD") {
    net::HttpResponse response = net::DetailResponse(405, "pages allow only GET and HEAD");
    response.headers.Add("Allow", "GET, HEAD");
    return response;
  }
  const EmbeddedFile* file = Find(request.path);
  // Names below /assets carry a hash of their content.
  const bool is_immutable = file != nullptr && request.path.starts_with("/assets/");
  if (file == nullptr && !is_api && !request.path.starts_with("/assets/")) {
    file = Find("/index.html");
  }
  if (file == nullptr) {
    return net::DetailResponse(404, fmt::format("nothing is served at '{}'", request.path));
  }
  net::HttpResponse response{.content_type = std::string(file->media_type)};
  response.headers.Add("ETag", std::string(file->etag));
  response.headers.Add("Vary", "Accept-Encoding");
  response.headers.Add("Cache-Control",
                       is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.Add("X-Frame-Options", "DENY");
  response.headers.Add("Content-Security-Policy",
                       "default-src 'self'; img-src 'self' data:; style-src 'self' "
                       "'unsafe-inline'; object-src 'none'; form-action 'self'; "
                       "frame-ancestors 'none'; base-uri 'none'");
  if (request.headers.HasToken("If-None-Match", file->etag)) {
    response.status = 304;
    return response;
  }
  if (net::AcceptsGzip(request.headers.Find("Accept-Encoding").value_or(""))) {
    response.headers.Add("Content-Encoding", "gzip");
    response.body = file->gzipped;
  } else {
    response.body = file->content;
  }
  return response;
}

}  // namespace sightline::server
