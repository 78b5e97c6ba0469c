// SPDX-License-Identifier: Apache-2.0
#include "net/request_head.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "base/ascii.h"
#include "net/http.h"

namespace sightline::net {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

base::Error Bad(std::string_view cause) {
  return {base::Code::kInvalidArgument, fmt::format("cannot read request: {}", cause)};
}

bool IsTokenCharacter(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

bool IsControl(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

// What the framing of a body depends on.
struct Fields {
  bool is_old = false;  // HTTP/1.0.
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  std::string_view length;
  std::string_view coding;
};

base::Result<void> ReadRequestLine(std::string_view line, Fields& fields) {
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || method_end == target_end ||
      !IsToken(line.substr(0, method_end))) {
    return Bad("the first line is not a method, a target and a version");
  }
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  if (target.empty() || target.find_first_of(" \t") != std::string_view::npos) {
    return Bad("its target is empty or has a blank");
  }
  const std::string_view version = line.substr(target_end + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Bad("only HTTP/1.0 and HTTP/1.1 are served");
  }
  fields.is_old = version == "HTTP/1.0";
  return {};
}

base::Result<void> ReadField(std::string_view line, Fields& fields) {
  if (line.front() == ' ' || line.front() == '\t') {
    return Bad("it has a folded header line");
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) {
    return Bad("it has a header line without a name");
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = base::TrimBlanks(line.substr(colon + 1));
  if (EqualsIgnoringCase(name, "Host")) {
    ++fields.hosts;
  } else if (EqualsIgnoringCase(name, "Content-Length")) {
    ++fields.lengths;
    fields.length = value;
  } else if (EqualsIgnoringCase(name, "Transfer-Encoding")) {
    ++fields.codings;
    fields.coding = value;
  }
  return {};
}

base::Result<BodyFraming> FrameByLength(std::string_view text) {
  BodyFraming framing;
  // from_chars takes digits only: no sign, no blanks.
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), framing.length);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Bad("its Content-Length is not a number");
  }
  return framing;
}

base::Result<BodyFraming> FrameByCoding(const Fields& fields) {
  if (fields.is_old) {
    return Bad("HTTP/1.0 has no Transfer-Encoding");
  }
  if (fields.codings > 1) {
    return Bad("it has several Transfer-Encoding fields");
  }
  if (fields.lengths > 0) {
    return Bad("it has both Content-Length and Transfer-Encoding");
  }
  if (EqualsIgnoringCase(fields.coding, "chunked")) {
    return BodyFraming{.is_chunked = true};
  }
  std::string_view rest = fields.coding;
  while (true) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const bool is_last = comma == rest.size();
    const std::string_view coding = base::TrimBlanks(rest.substr(0, comma));
    if (!IsToken(coding) || (EqualsIgnoringCase(coding, "chunked") && !is_last)) {
      return Bad("its Transfer-Encoding is not a list that ends with chunked");
    }
    if (is_last) {
      return base::Error(base::Code::kUnimplemented,
                         fmt::format("transfer coding '{}' is not supported", fields.coding));
    }
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

bool IsToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, IsTokenCharacter);
}

HeadEnd FindHeadEnd(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    if (at == 0 || bytes[at - 1] != '\r') {
      return {.kind = HeadEnd::Kind::kBareLineFeed};
    }
    if (at >= 3 && bytes[at - 2] == '\n') {
      return {.kind = HeadEnd::Kind::kComplete, .size = at + 1};
    }
  }
  return {};
}

base::Result<BodyFraming> ReadBodyFraming(std::string_view head) {
  Fields fields;
  bool is_first = true;
  while (true) {
    const std::size_t end = head.find(kLineEnd);
    if (end == std::string_view::npos) {
      return Bad("its header does not end");
    }
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + kLineEnd.size());
    if (std::ranges::any_of(line, IsControl)) {
      return Bad("its header has a control character");
    }
    if (line.empty() && !is_first) {
      break;
    }
    if (is_first) {
      TRY(ReadRequestLine(line, fields));
    } else {
      TRY(ReadField(line, fields));
    }
    is_first = false;
  }
  if (fields.hosts > 1 || (fields.hosts == 0 && !fields.is_old)) {
    return Bad("a request needs exactly one Host field");
  }
  if (fields.codings > 0) {
    return FrameByCoding(fields);
  }
  if (fields.lengths > 1) {
    return Bad("it has several Content-Length fields");
  }
  return fields.lengths == 0 ? BodyFraming{} : FrameByLength(fields.length);
}

}  // namespace sightline::net
