// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace sightline::server {

// A file of the web interface inside the binary.
struct EmbeddedFile {
  std::string_view path;  // "/assets/index-1234.js".
  std::string_view media_type;
  std::string_view etag;  // With quotes.
  std::string_view content;
  std::string_view gzipped;
};

// Made at build time by tools/embed_files; empty in builds without the web interface.
const std::vector<EmbeddedFile>& EmbeddedFiles();

// Where OTLP is received.
struct OtlpPorts {
  std::uint16_t http = 0;
  std::uint16_t grpc = 0;
};

// GET of a page or one of its files. Paths of no file are addresses inside the page and give
// index.html, except below /api. Paths of OTLP are answered with 404 and the ports that receive it,
// so that an exporter with a wrong port fails and says why.
net::HttpResponse ServeAsset(const net::HttpRequest& request, const OtlpPorts& otlp);

}  // namespace sightline::server
