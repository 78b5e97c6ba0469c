// SPDX-License-Identifier: Apache-2.0
#include "json_layout.h"

#include <cstddef>

#include "base/json_quote.h"
#include "base/json_scan.h"

namespace sightline::golden {
namespace {

constexpr std::size_t kLineLength = 110;
constexpr std::size_t kIndent = 2;

char FirstOf(std::string_view raw) {
  const std::size_t begin = raw.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? '\0' : raw[begin];
}

// On one line.
void AppendFlat(std::string_view raw, std::string& out) {
  bool is_first = true;
  const auto separate = [&] {
    out.append(is_first ? "" : ", ");
    is_first = false;
  };
  if (FirstOf(raw) == '{') {
    out.push_back('{');
    base::ForEachJsonMember(raw, [&](const std::string& name, std::string_view value) {
      separate();
      base::AppendJsonString(name, out);
      out.append(": ");
      AppendFlat(value, out);
    });
    out.push_back('}');
  } else if (FirstOf(raw) == '[') {
    out.push_back('[');
    base::ForEachJsonElement(raw, [&](std::string_view value) {
      separate();
      AppendFlat(value, out);
    });
    out.push_back(']');
  } else {
    out.append(raw);
  }
}

// `used` characters of the line are taken by what stands before the value.
void AppendValue(std::string_view raw, std::size_t indent, std::size_t used, std::string& out) {
  std::string flat;
  AppendFlat(raw, flat);
  const char first = FirstOf(raw);
  if (used + flat.size() <= kLineLength || (first != '{' && first != '[')) {
    out.append(flat);
    return;
  }
  const std::size_t deeper = indent + kIndent;
  bool is_first = true;
  const auto begin_line = [&] {
    out.append(is_first ? "\n" : ",\n").append(deeper, ' ');
    is_first = false;
  };
  out.push_back(first);
  if (first == '{') {
    base::ForEachJsonMember(raw, [&](const std::string& name, std::string_view value) {
      begin_line();
      base::AppendJsonString(name, out);
      out.append(": ");
      AppendValue(value, deeper, deeper + name.size() + 4, out);
    });
  } else {
    base::ForEachJsonElement(raw, [&](std::string_view value) {
      begin_line();
      AppendValue(value, deeper, deeper, out);
    });
  }
  out.append("\n").append(indent, ' ').push_back(first == '{' ? '}' : ']');
}

}  // namespace

std::string LayOutJson(std::string_view json) {
  std::string out;
  AppendValue(json, 0, 0, out);
  return out;
}

std::string MemberOf(std::string_view json, std::string_view path) {
  const std::size_t dot = path.find('.');
  const std::string_view wanted = path.substr(0, dot);
  std::string found;
  base::ForEachJsonMember(json, [&](const std::string& name, std::string_view value) {
    if (name == wanted) {
      found = value;
    }
  });
  return dot == std::string_view::npos ? found : MemberOf(found, path.substr(dot + 1));
}

}  // namespace sightline::golden
