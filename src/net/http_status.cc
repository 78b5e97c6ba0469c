// SPDX-License-Identifier: Apache-2.0
#include "net/http_status.h"

namespace sightline::net {

int HttpStatusOf(base::Code code) {
  switch (code) {
    case base::Code::kInvalidArgument:
      return 400;
    case base::Code::kNotFound:
      return 404;
    case base::Code::kAlreadyExists:
    case base::Code::kFailedPrecondition:
      return 409;
    case base::Code::kPermissionDenied:
      return 403;
    case base::Code::kUnimplemented:
      return 501;
    case base::Code::kResourceExhausted:
      return 413;
    case base::Code::kUnavailable:
      return 503;
    case base::Code::kDeadlineExceeded:
      return 504;
    case base::Code::kDataLoss:
    case base::Code::kInternal:
      return 500;
  }
  return 500;
}

base::Code CodeOfHttpStatus(int status) {
  switch (status) {
    case 400:
      return base::Code::kInvalidArgument;
    case 401:
    case 403:
    case 421:
      return base::Code::kPermissionDenied;
    case 404:
      return base::Code::kNotFound;
    case 405:
    case 415:
    case 501:
      return base::Code::kUnimplemented;
    case 408:
    case 504:
      return base::Code::kDeadlineExceeded;
    case 409:
      return base::Code::kFailedPrecondition;
    case 413:
    case 431:
      return base::Code::kResourceExhausted;
    case 429:
    case 502:
    case 503:
      return base::Code::kUnavailable;
    default:
      return base::Code::kInternal;
  }
}

std::string_view HttpReason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Unknown";
  }
}

HttpResponse ErrorResponse(const base::Error& error) {
  HttpResponse response = DetailResponse(HttpStatusOf(error.code()), error.message());
  if (error.code() == base::Code::kUnavailable) {
    response.headers.Add("Retry-After", "1");
  }
  return response;
}

}  // namespace sightline::net
