// SPDX-License-Identifier: Apache-2.0
#include "ingest/batch_builder.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/time_text.h"
#include "otlp/value_json.h"
#include "pricing/span_price.h"

namespace sightline::ingest {

// The building of one batch.
class BatchBuilder::Run {
 public:
  Run(const Parts& parts, const otlp::Request& request, std::int64_t now_ns)
      : parts_(parts),
        prices_(parts.prices.Get()),
        request_(request),
        batch_(std::make_shared<model::Batch>()),
        encoder_(parts.limits, parts.bodies, *batch_),
        context_(parts.normalizer.Prepare(request, batch_->arena, now_ns, &parts.losses)) {
    batch_->received_ns = now_ns;
    batch_->day = base::DayOf(now_ns);
  }

  Built Finish() {
    batch_->spans.reserve(request_.spans.size());
    fingerprints_.reserve(request_.spans.size() + request_.points.size());
    seen_.reserve(request_.spans.size() + request_.points.size());
    for (std::size_t i = 0; i < request_.spans.size(); ++i) {
      AddSpan(i);
    }
    for (std::size_t i = 0; i < request_.logs.size(); ++i) {
      AddLog(i);
    }
    for (const otlp::DataPoint& point : request_.points) {
      AddPoint(point);
    }
    for (const otlp::Metric& metric : request_.metrics) {
      if (metric.kind == otlp::MetricKind::kNone) {
        parts_.losses.Count(base::Loss::kMetricPointUnsupported);
      }
    }
    if (parts_.unmapped != nullptr) {
      parts_.unmapped->Add(batch_->spans);
    }
    return {.batch = std::move(batch_),
            .fingerprints = std::move(fingerprints_),
            .rejected = rejected_};
  }

 private:
  void AddSpan(std::size_t index) {
    const otlp::Span& span = request_.spans[index];
    // In its place: a row is too large to be copied.
    model::Span& row = batch_->spans.emplace_back();
    const normalize::SpanOutcome outcome = parts_.normalizer.NormalizeSpan(context_, index, row);
    if (outcome == normalize::SpanOutcome::kInvalidId) {
      ++rejected_;  // The normaliser has counted it.
      batch_->spans.pop_back();
      return;
    }
    const std::uint64_t identity = RecentRows::IdentityOf(row);
    parts_.recent.Prefetch(identity);
    const RowEncoder::Notes notes = EncodeSpan(span, row);
    if (!IsNew(row, identity)) {
      parts_.losses.Count(base::Loss::kSpanRepeated);
      batch_->spans.pop_back();
      return;
    }
    CompleteSpan(notes, row);
    if (outcome == normalize::SpanOutcome::kPending) {
      batch_->pending.push_back(row);
      batch_->spans.pop_back();
    }
  }

  // Precondition: the row is encoded.
  bool IsNew(const model::Span& row, std::uint64_t identity) {
    return IsNew(RecentRows::FingerprintOf(row, identity));
  }

  // Neither durable nor held by this request before. A new row stays in the batch.
  bool IsNew(const RecentRows::Fingerprint& fingerprint) {
    if (parts_.recent.Contains(fingerprint) || !seen_.insert(fingerprint.hash()).second) {
      return false;
    }
    fingerprints_.push_back(fingerprint);
    return true;
  }

  RowEncoder::Notes EncodeSpan(const otlp::Span& span, model::Span& row) {
    const RowEncoder::Notes notes = encoder_.EncodeSpan(request_, span, row);
    row.resource_attributes = ResourceJson(span.resource);
    row.scope_attributes = ScopeJson(span.scope);
    return notes;
  }

  void CompleteSpan(const RowEncoder::Notes& notes, model::Span& row) {
    MarkNotes(notes, row.marks);
    PriceSpan(row);
  }

  void AddLog(std::size_t index) {
    const otlp::LogRecord& log = request_.logs[index];
    model::LogRecord row;
    model::Span derived;
    const normalize::LogOutcome outcome =
        parts_.normalizer.NormalizeLog(context_, index, row, derived);
    std::uint32_t marks = 0;
    MarkNotes(encoder_.EncodeLog(request_, log, row), marks);
    row.resource_attributes = ResourceJson(log.resource);
    derived.attributes = row.attributes;
    derived.content = row.content;
    derived.resource_attributes = row.resource_attributes;
    derived.scope_attributes = ScopeJson(log.scope);
    if (outcome.has_derived_span && IsNew(derived, RecentRows::IdentityOf(derived))) {
      PriceSpan(derived);
      batch_->spans.push_back(derived);
    }
    batch_->logs.push_back(row);
  }

  void AddPoint(const otlp::DataPoint& point) {
    constexpr std::uint32_t kNoRecordedValue = 1;
    if ((point.flags & kNoRecordedValue) != 0) {
      return;  // A sign that a series has ended; there is nothing to keep.
    }
    const otlp::Metric& metric = request_.metrics[point.metric];
    const normalize::ResourceFacts& facts = context_.resource(metric.resource);
    model::MetricPoint row;
    row.time_ns = static_cast<std::int64_t>(point.time_ns);
    row.start_ns = static_cast<std::int64_t>(point.start_ns);
    row.name = metric.name;
    row.unit = metric.unit;
    row.type = static_cast<model::MetricType>(static_cast<int>(metric.kind) - 1);
    row.temporality = static_cast<std::uint8_t>(metric.temporality);
    row.is_monotonic = metric.is_monotonic;
    row.value = point.is_int ? static_cast<double>(point.integer) : point.number;
    row.count = static_cast<std::int64_t>(point.count);
    row.buckets = BucketsJson(metric, point);
    row.service = facts.service;
    row.service_instance = facts.service_instance;
    row.scope = request_.scopes[metric.scope].name;
    row.attributes = encoder_.EncodeObject(request_.Attributes(point.attributes));
    row.resource_attributes = ResourceJson(metric.resource);
    if (!IsNew(RecentRows::FingerprintOf(row))) {
      parts_.losses.Count(base::Loss::kMetricPointRepeated);
      return;
    }
    batch_->points.push_back(row);
  }

  void MarkNotes(const RowEncoder::Notes& notes, std::uint32_t& marks) {
    const auto mark = [&](bool is_set, model::Mark bit, base::Loss loss) {
      // What the normaliser has marked it has counted.
      if (is_set && (marks & static_cast<std::uint32_t>(bit)) == 0) {
        marks |= static_cast<std::uint32_t>(bit);
        parts_.losses.Count(loss);
      }
    };
    mark(notes.json.is_repaired, model::Mark::kTextRepaired, base::Loss::kTextRepaired);
    if (notes.json.has_repeats) {
      parts_.losses.Count(base::Loss::kAttributeRepeated);
    }
    mark(notes.json.is_too_deep, model::Mark::kNestedTooDeep, base::Loss::kSpanTooDeep);
    mark(notes.cut_attributes != 0, model::Mark::kAttributesCut, base::Loss::kAttributesOverLimit);
  }

  void PriceSpan(model::Span& row) {
    if (!pricing::IsPricedByBook(row)) {
      return;
    }
    const pricing::Priced priced = pricing::PriceSpan(*prices_, row);
    if (priced.status == model::CostStatus::kNone) {
      return;
    }
    row.cost = priced.cost;
    row.cost_status = priced.status;
    // The batch may outlive the book.
    if (price_rule_ != priced.rule_id) {
      price_rule_ = batch_->arena.Copy(priced.rule_id);
    }
    row.price_rule = price_rule_;
    if (priced.status == model::CostStatus::kUnpriced && row.usage.is_known()) {
      parts_.losses.Count(base::Loss::kPriceUnknown);
    }
  }

  // Resource and scope texts are made once and shared by all rows of the batch.
  std::string_view ResourceJson(std::uint32_t index) {
    resource_json_.resize(request_.resources.size());
    std::string_view& json = resource_json_[index];
    if (json.empty()) {
      json = encoder_.EncodeObject(request_.Attributes(request_.resources[index].attributes));
    }
    return json;
  }

  std::string_view ScopeJson(std::uint32_t index) {
    scope_json_.resize(request_.scopes.size());
    std::string_view& json = scope_json_[index];
    if (json.empty()) {
      const otlp::Scope& scope = request_.scopes[index];
      otlp::JsonMarks marks;
      std::string text = "{\"name\":";
      otlp::AppendJsonString(scope.name, text, marks);
      text += ",\"version\":";
      otlp::AppendJsonString(scope.version, text, marks);
      text += ",\"attributes\":";
      otlp::AppendJsonObject(request_.Attributes(scope.attributes), text, marks);
      text += "}";
      json = batch_->arena.Copy(text);
    }
    return json;
  }

  template <typename Pool, typename Append>
  static void AppendList(std::string& text, std::string_view name, const Pool& pool,
                         otlp::Range range, const Append& append) {
    if (range.count == 0) {
      return;
    }
    text += text.size() == 1 ? "\"" : ",\"";
    text += name;
    text += "\":[";
    for (std::uint32_t i = 0; i < range.count; ++i) {
      if (i != 0) {
        text.push_back(',');
      }
      append(pool[range.begin + i]);
    }
    text.push_back(']');
  }

  // What a distribution holds besides count and sum; "" for plain numbers.
  std::string_view BucketsJson(const otlp::Metric& metric, const otlp::DataPoint& point) {
    if (metric.kind == otlp::MetricKind::kGauge || metric.kind == otlp::MetricKind::kSum) {
      return {};
    }
    std::string text = "{";
    const auto add_double = [&](double value) { otlp::AppendJsonDouble(value, text); };
    const auto add_count = [&](std::uint64_t value) { text += std::to_string(value); };
    AppendList(text, "bounds", request_.doubles, point.bounds, add_double);
    AppendList(text, "values", request_.doubles, point.values, add_double);
    AppendList(text, "counts", request_.integers, point.counts, add_count);
    AppendList(text, "negative_counts", request_.integers, point.negative_counts, add_count);
    const auto add_number = [&](bool is_set, std::string_view name, double value) {
      if (is_set) {
        text += text.size() == 1 ? "\"" : ",\"";
        text += name;
        text += "\":";
        otlp::AppendJsonDouble(value, text);
      }
    };
    add_number(point.has_min, "min", point.min);
    add_number(point.has_max, "max", point.max);
    if (metric.kind == otlp::MetricKind::kExponentialHistogram) {
      add_number(true, "scale", point.scale);
      add_number(true, "positive_offset", point.positive_offset);
      add_number(true, "negative_offset", point.negative_offset);
      add_number(true, "zero_count", static_cast<double>(point.zero_count));
      add_number(true, "zero_threshold", point.zero_threshold);
    }
    text.push_back('}');
    return batch_->arena.Copy(text);
  }

  const Parts& parts_;
  const std::shared_ptr<const pricing::PriceBook> prices_;
  const otlp::Request& request_;
  std::shared_ptr<model::Batch> batch_;
  RowEncoder encoder_;
  std::string_view price_rule_;  // Of the span priced last; in the batch's memory.
  normalize::RequestContext context_;
  std::vector<std::string_view> resource_json_;
  std::vector<std::string_view> scope_json_;
  std::vector<RecentRows::Fingerprint> fingerprints_;
  boost::unordered_flat_set<std::uint64_t> seen_;  // Their hashes.
  std::int64_t rejected_ = 0;
};

BatchBuilder::Built BatchBuilder::Build(const otlp::Request& request, std::int64_t now_ns) const {
  return Run(parts_, request, now_ns).Finish();
}

}  // namespace sightline::ingest
