// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace sightline::net {

// The HTTP status of an error. OTLP clients retry 429, 502, 503 and 504 and nothing else, so only
// passing errors map there: kUnavailable is 503, while kResourceExhausted (a limit that a retry
// hits again) is 413. Push-back under load is 429 and is chosen where it is decided, with its
// Retry-After (see net/admission.h).
int HttpStatusOf(base::Code code);

// The code that says best what an HTTP status means; kInternal for those that we never send.
base::Code CodeOfHttpStatus(int status);

// "Not Found". "Unknown" for a status that we never send.
std::string_view HttpReason(int status);

// The error as an answer: its status and `{"detail": <message>}`, with `Retry-After` of a
// second for kUnavailable.
HttpResponse ErrorResponse(const base::Error& error);

}  // namespace sightline::net
