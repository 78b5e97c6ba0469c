// SPDX-License-Identifier: Apache-2.0
// For tests only.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "net/http_server.h"
#include "net/raw_client_for_testing.h"
#include "net/server_for_testing.h"

namespace sightline::net {

// Answers with what it understood.
inline void Echo(const HttpRequest& request, ResponseSink sink) {
  sink.Answer({.status = 200,
               .body = fmt::format("{} {} [{}]", request.method, request.path, request.body),
               .content_type = "text/plain"});
}

inline std::string Get(std::string_view path, std::string_view more_fields = "") {
  return fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n{}\r\n", path, more_fields);
}

inline std::string Post(std::string_view path, std::string_view body,
                        std::string_view more_fields = "") {
  return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n{}\r\n{}", path,
                     body.size(), more_fields, body);
}

// One request on a connection of its own.
inline HttpResponse Ask(const ServerForTesting& server, std::string_view request) {
  RawClient client(server.port());
  client.Send(request);
  return client.ReadResponse();
}

}  // namespace sightline::net
