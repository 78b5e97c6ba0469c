// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load/places.h"
#include "load/run_shape.h"
#include "load/text_pool.h"

namespace sightline::load {

// How alike the messages of a run are.
enum class Content : std::uint8_t {
  kShared,  // As agents send them: each turn repeats the same history.
  kSalted,  // The same, but every copy begins with eight other digits: equal for a compressor and
            // different for a store that keeps equal texts once.
  kUnique,  // Every copy is another text of the same length.
};

struct StreamOptions {
  ShapeOptions shape;
  Content content = Content::kShared;
  std::size_t batch = 256;  // Spans a request.
  std::uint64_t seed = 1;
  std::size_t streams = 1;  // How many streams share the run numbers, and which one this is.
  std::size_t stream = 0;
};

// An endless stream of export requests: runs one after the other, cut into requests of equal size.
// The requests of one cycle are encoded at the start; taking the next one only overwrites what
// differs, which costs well below a microsecond a span.
//
// Thread: confined. The pool must outlive it.
class RequestStream {
 public:
  RequestStream(const StreamOptions& options, const TextPool& pool);

  struct Request {
    std::string_view body;             // Valid until the next call.
    std::uint64_t ended_runs = 0;      // Runs whose last span is in it,
    std::uint64_t last_ended_run = 0;  // and the number of the last of them.
  };

  // Runs that begin in this request start at `start_ns`.
  Request Next(std::int64_t start_ns);

  // Of run number `run` of all streams with this seed, in lower-case hex.
  static std::string TraceIdHex(std::uint64_t seed, std::uint64_t run);

 private:
  struct Template {
    std::string body;
    std::vector<Patch> patches;
    std::uint64_t ended_before = 0;  // Runs of the cycle that end before this request.
    std::uint64_t ended_after = 0;   // And with it.
  };

  void Fill(Template& request, std::int64_t start_ns);
  void FillText(const Patch& patch, std::uint64_t run, char* out) const;
  std::uint64_t RunNumber(std::uint64_t local) const;

  const StreamOptions options_;
  const TextPool& pool_;
  std::uint64_t runs_per_cycle_ = 0;
  std::vector<Template> templates_;
  std::size_t next_ = 0;
  std::uint64_t cycle_ = 0;
  std::uint64_t current_run_ = ~std::uint64_t{0};
  std::int64_t current_start_ns_ = 0;
};

}  // namespace sightline::load
