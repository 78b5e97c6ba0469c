// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"
#include "net/http.h"

namespace sightline::api {

// Answers a request whose body is JSON text: 415 for any other Content-Type or an unknown
// Content-Encoding, 413 for more than `max_bytes` decompressed, else what `answer` makes of the
// text.
net::HttpResponse AnswerJsonBody(
    const net::HttpRequest& request, std::size_t max_bytes,
    const std::function<base::Result<std::string>(const std::string& body)>& answer);

}  // namespace sightline::api
