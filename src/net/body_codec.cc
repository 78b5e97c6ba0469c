// SPDX-License-Identifier: Apache-2.0
#include "net/body_codec.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/ascii.h"
#include "base/check.h"
#include "net/http.h"

namespace sightline::net {
namespace {

enum class Coding { kIdentity, kGzip, kDeflate, kZstd };

// RFC 9659: a zstd body in HTTP needs no window over 8 MiB, and a decoder refuses more.
constexpr int kZstdWindowLog = 23;

constexpr std::size_t kFirstOutputBytes = std::size_t{16} * 1024;

std::optional<Coding> FindCoding(std::string_view encoding) {
  if (encoding.empty() || EqualsIgnoringCase(encoding, "identity")) {
    return Coding::kIdentity;
  }
  if (EqualsIgnoringCase(encoding, "gzip") || EqualsIgnoringCase(encoding, "x-gzip")) {
    return Coding::kGzip;
  }
  if (EqualsIgnoringCase(encoding, "deflate")) {
    return Coding::kDeflate;
  }
  if (EqualsIgnoringCase(encoding, "zstd")) {
    return Coding::kZstd;
  }
  return std::nullopt;
}

base::Error TooLarge(std::size_t max_bytes) {
  return {base::Code::kResourceExhausted,
          fmt::format("cannot decompress body: it is larger than {} bytes", max_bytes)};
}

base::Error Corrupt(std::string_view coding, std::string_view cause) {
  return {base::Code::kInvalidArgument,
          fmt::format("cannot decompress body: {} data is {}", coding, cause)};
}

// Room to write into at the end of `out`, which has `used` bytes of content. Doubles up to one
// byte over the limit: that byte tells an output of exactly the limit from a larger one.
bool GrowOutput(std::string& out, std::size_t used, std::size_t hint, std::size_t max_bytes) {
  if (used > max_bytes) {
    return false;
  }
  const std::size_t limit = max_bytes + 1;
  if (used == out.size()) {
    out.resize(std::min(limit, std::max(used * 2, hint)));
  }
  return true;
}

// inflate for gzip (31 window bits), zlib (15) or raw deflate (-15).
class Inflater {
 public:
  explicit Inflater(int window_bits) { CHECK(inflateInit2(&stream_, window_bits) == Z_OK); }

  ~Inflater() { inflateEnd(&stream_); }

  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  base::Result<std::string> Run(std::string_view bytes, std::size_t max_bytes);

 private:
  static uInt Clamp(std::size_t size) {
    return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
  }

  z_stream stream_{};
};

base::Result<std::string> Inflater::Run(std::string_view bytes, std::size_t max_bytes) {
  std::string out;
  std::size_t used = 0;
  const std::size_t hint = std::max(kFirstOutputBytes, bytes.size() * 4);
  while (true) {
    if (!GrowOutput(out, used, hint, max_bytes)) {
      return TooLarge(max_bytes);
    }
    // zlib's interface is not const-correct; it only reads next_in.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = Clamp(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream_.avail_out = Clamp(out.size() - used);
    const uInt in_before = stream_.avail_in;
    const uInt out_before = stream_.avail_out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    bytes.remove_prefix(in_before - stream_.avail_in);
    used += out_before - stream_.avail_out;
    if (status == Z_STREAM_END) {
      if (bytes.empty()) {
        break;
      }
      inflateReset(&stream_);  // RFC 1952: a gzip file is a series of members.
    } else if (status == Z_BUF_ERROR ||
               (status == Z_OK && bytes.empty() && stream_.avail_out > 0)) {
      return Corrupt("gzip or deflate", "truncated");
    } else if (status != Z_OK) {
      return Corrupt("gzip or deflate", stream_.msg != nullptr ? stream_.msg : "corrupt");
    }
  }
  if (used > max_bytes) {
    return TooLarge(max_bytes);
  }
  out.resize(used);
  return out;
}

// "deflate" means zlib (RFC 9110), but some clients send raw deflate data.
bool HasZlibHeader(std::string_view bytes) {
  if (bytes.size() < 2) {
    return false;
  }
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  return (first & 0x0F) == 8 && (first * 256 + second) % 31 == 0;
}

base::Result<std::string> DecompressZstd(std::string_view bytes, std::size_t max_bytes) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                        &ZSTD_freeDCtx);
  CHECK(context != nullptr);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  std::string out;
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer written{nullptr, 0, 0};
  const std::size_t hint = std::max(kFirstOutputBytes, bytes.size() * 4);
  std::size_t left_in_frame = 1;  // An empty body is no frame: truncated.
  while (left_in_frame != 0 || in.pos < in.size) {
    if (!GrowOutput(out, written.pos, hint, max_bytes)) {
      return TooLarge(max_bytes);
    }
    written.dst = out.data();
    written.size = out.size();
    const std::size_t in_before = in.pos;
    const std::size_t out_before = written.pos;
    left_in_frame = ZSTD_decompressStream(context.get(), &written, &in);
    if (ZSTD_isError(left_in_frame) != 0) {
      if (ZSTD_getErrorCode(left_in_frame) == ZSTD_error_frameParameter_windowTooLarge) {
        return base::Error(base::Code::kResourceExhausted,
                           "cannot decompress body: its zstd window is over 8 MiB");
      }
      return Corrupt("zstd", ZSTD_getErrorName(left_in_frame));
    }
    if (left_in_frame != 0 && in.pos == in_before && written.pos == out_before) {
      return Corrupt("zstd", "truncated");
    }
  }
  if (written.pos > max_bytes) {
    return TooLarge(max_bytes);
  }
  out.resize(written.pos);
  return out;
}

// True for parameters like "q=0" or " q=0.000".
bool HasZeroWeight(std::string_view parameters) {
  const auto q = parameters.find_first_of("qQ");
  if (q == std::string_view::npos || q + 1 >= parameters.size() || parameters[q + 1] != '=') {
    return false;
  }
  const std::string_view weight = base::TrimBlanks(parameters.substr(q + 2));
  return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool IsSupportedEncoding(std::string_view encoding) {
  return FindCoding(encoding).has_value();
}

base::Result<std::string> Decompress(std::string_view encoding, std::string_view bytes,
                                     std::size_t max_bytes) {
  const std::optional<Coding> coding = FindCoding(encoding);
  if (!coding.has_value()) {
    return base::Error(base::Code::kUnimplemented,
                       fmt::format("cannot decompress body: unknown encoding '{}'", encoding));
  }
  switch (*coding) {
    case Coding::kIdentity:
      if (bytes.size() > max_bytes) {
        return TooLarge(max_bytes);
      }
      return std::string(bytes);
    case Coding::kGzip:
      return Inflater(31).Run(bytes, max_bytes);
    case Coding::kDeflate:
      return Inflater(HasZlibHeader(bytes) ? 15 : -15).Run(bytes, max_bytes);
    case Coding::kZstd:
      return DecompressZstd(bytes, max_bytes);
  }
  return base::Error(base::Code::kInternal, "cannot decompress body: no such coding");
}

std::string GzipCompress(std::string_view bytes) {
  CHECK(bytes.size() <= std::numeric_limits<uInt>::max());
  z_stream stream{};
  CHECK(deflateInit2(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    std::string_view item = accept_encoding.substr(0, accept_encoding.find(','));
    accept_encoding.remove_prefix(std::min(accept_encoding.size(), item.size() + 1));
    const std::string_view name = base::TrimBlanks(item.substr(0, item.find(';')));
    item.remove_prefix(std::min(item.size(), item.find(';')));
    if (EqualsIgnoringCase(name, "gzip") || EqualsIgnoringCase(name, "x-gzip")) {
      return !HasZeroWeight(item);
    }
    any = any || (name == "*" && !HasZeroWeight(item));
  }
  return any;
}

}  // namespace sightline::net
