// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "otlp/request.h"

namespace sightline::otlp {

// The three OTLP signals that are received.
enum class Signal : std::uint8_t { kTraces, kLogs, kMetrics };

// Walks the protobuf bytes of an Export<Signal>ServiceRequest in place and fills `request`, which
// is cleared first. The views in `request` point into `body`.
//
// Unknown fields are skipped, as protobuf asks. A field that occurs twice: the last one wins for
// scalars, sub-messages are merged (repeated ones appended).
// Errors: kInvalidArgument for anything that is not well-formed protobuf, and for bodies of so many
// elements that they would fill memory; `request` is then empty.
// Thread: any; the time is proportional to the size of the body.
base::Result<void> Decode(Signal signal, std::string_view body, Request& request);

// What a request holds in memory, empty or not, about.
std::size_t HeldBytes(const Request& request);

namespace internal {
struct Limits;
}

// The same in portions, so that a large body of small items does not take many times its size: each
// portion is a Request that stands alone, with the resources and scopes of its items. The body must
// outlive it. A copy goes on from where the original is.
//
// Thread: confined.
class Decoder {
 public:
  // A portion ends with the item that reaches one of these.
  struct Portion {
    std::size_t rows = 4096;  // Spans, log records, points.
    std::size_t bytes = std::size_t{2} << 20U;
  };

  Decoder(Signal signal, std::string_view body, const Portion& portion);
  Decoder(const Decoder& other);
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  // Clears `request` and fills it with the next portion. How many bytes of the body it took, about.
  // Errors: as Decode; nothing more can be read then.
  base::Result<std::size_t> Next(Request& request);

  // Everything was read.
  bool is_done() const { return is_done_; }

 private:
  class Place;

  const Portion portion_;
  std::unique_ptr<Place> place_;
  std::unique_ptr<internal::Limits> limits_;
  bool is_done_ = false;
};

}  // namespace sightline::otlp
