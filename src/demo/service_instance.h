// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "demo/plan.h"
#include "demo/random.h"
#include "demo/service_metrics.h"
#include "demo/services.h"
#include "otlp/decode.h"
#include "otlp/encode.h"

namespace sightline::demo {

// One request that an SDK would send.
//
// Thread: value.
struct Export {
  std::int64_t time_ns = 0;  // When it is sent.
  otlp::Signal signal = otlp::Signal::kTraces;
  std::string body;       // OTLP protobuf.
  std::size_t items = 0;  // Spans, log records or data points.
};

// One process of a service, with an SDK inside: spans are handed over when they end (and, by
// dialects that have pending spans, when they start) and leave in batches, once a second.
//
// Thread: confined.
class ServiceInstance {
 public:
  ServiceInstance(const Service& service, std::int64_t start_ns, std::uint64_t seed);

  const Service& service() const { return service_; }

  // Takes over the steps of `run` that happen in this service, and the run's logs if they are its.
  void Accept(const std::shared_ptr<const RunPlan>& run);

  // When the next batch may leave.
  std::int64_t next_flush_ns() const { return next_flush_ns_; }

  // Appends what leaves at next_flush_ns() and moves on to the next flush.
  void Flush(std::vector<Export>& exports);

 private:
  enum class ItemKind : std::uint8_t { kStart, kEnd, kLog };

  // Something that becomes known to the SDK at `ready_ns`.
  struct Item {
    std::int64_t ready_ns = 0;
    std::uint64_t sequence = 0;  // Keeps the order of equal times.
    ItemKind kind = ItemKind::kEnd;
    std::size_t index = 0;  // Of a step or a log.
    std::shared_ptr<const RunPlan> run;

    bool operator<(const Item& other) const {
      return ready_ns != other.ready_ns ? ready_ns > other.ready_ns : sequence > other.sequence;
    }
  };

  void Push(std::int64_t ready_ns, ItemKind kind, std::size_t index,
            const std::shared_ptr<const RunPlan>& run);
  void FlushSpans(const std::vector<Item>& items, std::vector<Export>& exports);
  void FlushLogs(const std::vector<Item>& items, std::vector<Export>& exports);
  void FlushMetrics(std::vector<Export>& exports);
  void WriteStep(const Item& item, std::vector<otlp::SpanData>& agent_spans,
                 std::vector<otlp::SpanData>& http_spans);

  const Service& service_;
  const Dialect& dialect_;
  Random random_;
  const otlp::ResourceData resource_;
  ServiceMetrics metrics_;
  std::int64_t next_flush_ns_;
  std::int64_t next_metrics_ns_;
  std::uint64_t sequence_ = 0;
  std::priority_queue<Item> items_;
  std::size_t open_steps_ = 0;  // Started and not yet flushed.
};

}  // namespace sightline::demo
