// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "base/result.h"
#include "net/http.h"
#include "net/http_status.h"

namespace sightline::api {

// 200 with the JSON text, or the error as {"detail": ...} with its status.
inline net::HttpResponse JsonAnswer(base::Result<std::string> json) {
  if (!json.has_value()) {
    return net::ErrorResponse(json.error());
  }
  return {.body = std::move(*json),
          .content_type = "application/json",
          .headers = {{"Cache-Control", "no-store"}}};
}

// 200 with text from outside, or the error. What a browser must not do with it, net/ says.
inline net::HttpResponse TextAnswer(base::Result<std::string> text) {
  if (!text.has_value()) {
    return net::ErrorResponse(text.error());
  }
  return {.body = std::move(*text),
          .content_type = "text/plain; charset=utf-8",
          .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace sightline::api
