// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/result.h"
#include "net/admission.h"

namespace sightline::net {

struct NameValue {
  std::string name;
  std::string value;

  friend bool operator==(const NameValue&, const NameValue&) = default;
};

// Header fields in the order received or to be sent. Names compare without regard to case.
//
// Thread: value.
class HttpHeaders {
 public:
  HttpHeaders() = default;

  HttpHeaders(std::initializer_list<NameValue> fields) : fields_(fields) {}

  void Add(std::string name, std::string value);

  // Replaces every field of that name.
  void Set(std::string_view name, std::string value);

  // The first field of that name.
  std::optional<std::string_view> Find(std::string_view name) const;

  // True when a field of that name lists `token` between commas, without regard to case.
  bool HasToken(std::string_view name, std::string_view token) const;

  auto begin() const { return fields_.begin(); }

  auto end() const { return fields_.end(); }

  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<NameValue> fields_;
};

// Decoded query parameters in the order received; a name may come several times.
//
// Thread: value.
class QueryParameters {
 public:
  void Add(std::string name, std::string value);

  // The first value of that name. Empty text when the name came without a value.
  std::optional<std::string_view> Find(std::string_view name) const;

  auto begin() const { return parameters_.begin(); }

  auto end() const { return parameters_.end(); }

  std::size_t size() const { return parameters_.size(); }

 private:
  std::vector<NameValue> parameters_;
};

// A request as a handler sees it. The body is as it was sent: see Content-Encoding and
// net/body_codec.h.
//
// Thread: value. Move only.
struct HttpRequest {
  std::string method;  // As sent: methods are case-sensitive.
  std::string target;  // As sent.
  std::string path;    // Decoded, without the query. Starts with '/', or is "*".
  std::vector<std::string> path_segments;  // Decoded one by one: "/a%2Fb/c/" is {"a/b", "c", ""}.
  QueryParameters query;
  HttpHeaders headers;
  std::string body;
  std::string remote_address;              // "127.0.0.1:50412".
  std::string request_id;                  // The client's X-Request-Id, or a new one.
  std::vector<NameValue> path_parameters;  // What the router's pattern captured.
  // Bytes charged for the body; null without an admission hook. Lives as long as the bytes do.
  std::unique_ptr<AdmissionTicket> admission;

  // What the router captured for `{name}`; empty when there is no such parameter.
  std::string_view PathParameter(std::string_view name) const;

  // True for a WebSocket handshake; answer it with ResponseSink::AcceptWebSocket.
  bool IsWebSocketUpgrade() const;
};

// Thread: value.
struct HttpResponse {
  int status = 200;
  std::string body;
  std::string content_type;  // Empty: no Content-Type is sent.
  HttpHeaders headers;       // Without Content-Type, Content-Length, Connection, Date.
};

// `{"detail": "<detail>"}`, the error body of the public API.
HttpResponse DetailResponse(int status, std::string_view detail);

using base::EqualsIgnoringCase;

enum class PlusSign { kLiteral, kSpace };

// Percent-decoding. kInvalidArgument for a broken escape or a NUL.
base::Result<std::string> PercentDecode(std::string_view text, PlusSign plus);

// The parameters of a query string ("a=1&b=2"), decoded, in order. kInvalidArgument for a broken
// escape or what is not UTF-8 when decoded; the parameter is named.
base::Result<QueryParameters> ParseQuery(std::string_view query);

struct RequestTarget {
  std::string authority;  // "host:port" of the absolute form; empty otherwise.
  std::string path;
  std::vector<std::string> path_segments;
  QueryParameters query;
};

// Splits and decodes origin form ("/a?b=c"), absolute form ("http://host/a") or "*".
// kInvalidArgument for anything else, a broken escape, a "." or ".." segment, or what is not UTF-8
// when decoded; the parameter is named.
base::Result<RequestTarget> ParseTarget(std::string_view target);

}  // namespace sightline::net
