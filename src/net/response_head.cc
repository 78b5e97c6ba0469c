// SPDX-License-Identifier: Apache-2.0
#include "net/response_head.h"

#include <ctime>
#include <iterator>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "net/http_status.h"

namespace sightline::net {
namespace {

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char c : value) {
    out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  }
  out += "\r\n";
}

// IMF-fixdate, RFC 9110 section 5.6.7. Independent of the locale.
std::string FormatDate(std::time_t now) {
  constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[utc.tm_wday], utc.tm_mday,
                     kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

// What a browser is told about every answer: its type is what it says, no other site may embed it,
// and, where the answer does not say what it may do itself, it may do nothing.
void AppendSecurityFields(std::string& out, const HttpHeaders& headers) {
  AppendField(out, "X-Content-Type-Options", "nosniff");
  AppendField(out, "Cross-Origin-Resource-Policy", "same-origin");
  AppendField(out, "Referrer-Policy", "no-referrer");
  if (!headers.Find("Content-Security-Policy").has_value()) {
    AppendField(out, "Content-Security-Policy",
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  }
}

bool HasNoBody(int status) {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace

std::string FormatResponseHead(int status, std::string_view content_type,
                               const HttpHeaders& headers, const ResponseFrame& frame) {
  std::string out =
      fmt::format("HTTP/1.{} {} {}\r\n", frame.http_minor, status, HttpReason(status));
  AppendField(out, "Date", FormatDate(std::time(nullptr)));
  AppendField(out, "X-Request-Id", frame.request_id);
  if (!content_type.empty()) {
    AppendField(out, "Content-Type", content_type);
  }
  for (const NameValue& field : headers) {
    AppendField(out, field.name, field.value);
  }
  AppendSecurityFields(out, headers);
  for (const NameValue& field : frame.cors) {
    AppendField(out, field.name, field.value);
  }
  if (frame.is_chunked) {
    AppendField(out, "Transfer-Encoding", "chunked");
  } else if (frame.content_length.has_value() && !HasNoBody(status)) {
    AppendField(out, "Content-Length", fmt::format("{}", *frame.content_length));
  }
  if (frame.fate == ConnectionFate::kClose) {
    AppendField(out, "Connection", "close");
  } else if (frame.http_minor == 0) {
    AppendField(out, "Connection", "keep-alive");
  }
  out += "\r\n";
  return out;
}

}  // namespace sightline::net
