// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/json_quote.h"
#include "base/utf8.h"

namespace sightline::net {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = base::ToLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

base::Error BadTarget(std::string_view cause) {
  return {base::Code::kInvalidArgument, fmt::format("cannot read request target: {}", cause)};
}

// What stands before `separator` in `rest`, which is moved behind it.
std::string_view TakeUntil(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

base::Result<void> ParsePath(std::string_view path, RequestTarget& out) {
  std::string_view rest = path.substr(1);
  while (true) {
    const bool is_last = rest.find('/') == std::string_view::npos;
    std::string segment = TRY(PercentDecode(TakeUntil(rest, '/'), PlusSign::kLiteral));
    if (segment == "." || segment == "..") {
      return BadTarget("it has a dot segment");
    }
    if (!base::IsValidUtf8(segment)) {
      return BadTarget(
          fmt::format("segment {} of its path is not UTF-8", out.path_segments.size() + 1));
    }
    out.path += '/';
    out.path += segment;
    out.path_segments.push_back(std::move(segment));
    if (is_last) {
      return {};
    }
  }
}

// Takes "http://host:port" off an absolute form and returns "host:port"; empty for other forms.
std::string_view TakeAuthority(std::string_view& target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (EqualsIgnoringCase(target.substr(0, scheme.size()), scheme)) {
      const std::size_t end = std::min(target.find_first_of("/?#", scheme.size()), target.size());
      const std::string_view authority = target.substr(scheme.size(), end - scheme.size());
      target = end == target.size() ? std::string_view("/") : target.substr(end);
      return authority;
    }
  }
  return {};
}

}  // namespace

void HttpHeaders::Add(std::string name, std::string value) {
  fields_.push_back({std::move(name), std::move(value)});
}

void HttpHeaders::Set(std::string_view name, std::string value) {
  std::erase_if(fields_, [name](const NameValue& f) { return EqualsIgnoringCase(f.name, name); });
  fields_.push_back({std::string(name), std::move(value)});
}

std::optional<std::string_view> HttpHeaders::Find(std::string_view name) const {
  for (const NameValue& field : fields_) {
    if (EqualsIgnoringCase(field.name, name)) {
      return field.value;
    }
  }
  return std::nullopt;
}

bool HttpHeaders::HasToken(std::string_view name, std::string_view token) const {
  for (const NameValue& field : fields_) {
    if (!EqualsIgnoringCase(field.name, name)) {
      continue;
    }
    std::string_view rest = field.value;
    while (!rest.empty()) {
      if (EqualsIgnoringCase(base::TrimBlanks(TakeUntil(rest, ',')), token)) {
        return true;
      }
    }
  }
  return false;
}

void QueryParameters::Add(std::string name, std::string value) {
  parameters_.push_back({std::move(name), std::move(value)});
}

std::optional<std::string_view> QueryParameters::Find(std::string_view name) const {
  for (const NameValue& parameter : parameters_) {
    if (parameter.name == name) {
      return parameter.value;
    }
  }
  return std::nullopt;
}

std::string_view HttpRequest::PathParameter(std::string_view name) const {
  for (const NameValue& parameter : path_parameters) {
    if (parameter.name == name) {
      return parameter.value;
    }
  }
  return {};
}

bool HttpRequest::IsWebSocketUpgrade() const {
  return method == "GET" && headers.HasToken("Connection", "upgrade") &&
         headers.HasToken("Upgrade", "websocket");
}

HttpResponse DetailResponse(int status, std::string_view detail) {
  return {.status = status,
          .body = fmt::format("{{\"detail\": {}}}", base::JsonQuote(detail)),
          .content_type = "application/json"};
}

base::Result<std::string> PercentDecode(std::string_view text, PlusSign plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return BadTarget("it has a broken percent escape");
      }
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus == PlusSign::kSpace) {
      c = ' ';
    }
    if (c == '\0') {
      return BadTarget("it has a NUL");
    }
    decoded += c;
  }
  return decoded;
}

base::Result<QueryParameters> ParseQuery(std::string_view query) {
  QueryParameters parameters;
  while (!query.empty()) {
    std::string_view value = TakeUntil(query, '&');
    if (value.empty()) {
      continue;
    }
    const std::string_view name = TakeUntil(value, '=');
    std::string decoded_name = TRY(PercentDecode(name, PlusSign::kSpace));
    std::string decoded_value = TRY(PercentDecode(value, PlusSign::kSpace));
    if (!base::IsValidUtf8(decoded_name) || !base::IsValidUtf8(decoded_value)) {
      return base::Error(
          base::Code::kInvalidArgument,
          fmt::format("bad parameter {}: UTF-8 expected", base::RepairUtf8(decoded_name)));
    }
    parameters.Add(std::move(decoded_name), std::move(decoded_value));
  }
  return parameters;
}

base::Result<RequestTarget> ParseTarget(std::string_view target) {
  RequestTarget parsed;
  if (target == "*") {
    parsed.path = "*";
    return parsed;
  }
  parsed.authority = std::string(TakeAuthority(target));
  target = target.substr(0, target.find('#'));
  const std::string_view path = TakeUntil(target, '?');
  if (!path.empty() && path.front() != '/') {
    return BadTarget("it does not start with '/'");
  }
  TRY(ParsePath(path.empty() ? "/" : path, parsed));
  parsed.query = TRY(ParseQuery(target));
  return parsed;
}

}  // namespace sightline::net
