// SPDX-License-Identifier: Apache-2.0
#include "api/request/json_body.h"

#include <string_view>

#include "api/request/answers.h"
#include "base/ascii.h"
#include "net/body_codec.h"

namespace sightline::api {

net::HttpResponse AnswerJsonBody(
    const net::HttpRequest& request, std::size_t max_bytes,
    const std::function<base::Result<std::string>(const std::string& body)>& answer) {
  const std::string_view type = request.headers.Find("Content-Type").value_or("");
  if (!net::EqualsIgnoringCase(base::Trim(type.substr(0, type.find(';'))), "application/json")) {
    return net::DetailResponse(415, "Content-Type must be application/json");
  }
  const std::string_view encoding = request.headers.Find("Content-Encoding").value_or("");
  if (!net::IsSupportedEncoding(encoding)) {
    return net::DetailResponse(415, "unknown Content-Encoding");
  }
  const base::Result<std::string> body = net::Decompress(encoding, request.body, max_bytes);
  return body.has_value() ? JsonAnswer(answer(*body)) : net::ErrorResponse(body.error());
}

}  // namespace sightline::api
