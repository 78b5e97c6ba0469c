// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sightline::base {

// Everything that is refused, dropped, cut, repaired or marked is counted under one of these names.
// Declared once here; shown by /metrics as sightline_loss_total{name,severity} and in the UI.
//
// X(enumerator, wire name, severity, one sentence for the operator)
#define SIGHTLINE_LOSS_TABLE(X)                                                                  \
  X(kRequestMalformed, "request_malformed", kError,                                              \
    "A request could not be parsed and was answered with INVALID_ARGUMENT.")                     \
  X(kRequestTooLarge, "request_too_large", kError,                                               \
    "A request body was over the size limit, before or after decompression.")                    \
  X(kRequestUnsupported, "request_unsupported", kError,                                          \
    "A request had a content type, encoding, path or method that is not served.")                \
  X(kRequestForeign, "request_foreign", kWarning,                                                \
    "A request named a host that is not ours, or a page of another site made it.")               \
  X(kRequestPushedBack, "request_pushed_back", kWarning,                                         \
    "A request was refused as retryable: too much was in flight, or the server was stopping.")   \
  X(kRequestStorageUnavailable, "request_storage_unavailable", kWarning,                         \
    "A request was refused as retryable because the journal could not write (disk full).")       \
  X(kCallIncomplete, "call_incomplete", kWarning,                                                \
    "A gRPC call ended before its message was read: over the size limit, or the client left.")   \
  X(kConnectionTimedOut, "connection_timed_out", kWarning,                                       \
    "A connection sent its request too slowly and was closed.")                                  \
  X(kConnectionRefused, "connection_refused", kWarning,                                          \
    "A connection was closed at once because too many were open.")                               \
  X(kRequestKeyUnknown, "request_key_unknown", kWarning,                                         \
    "A key of an OTLP/JSON body, outside of spans, records and metrics, is not known.")          \
  X(kAttributeRepeated, "attribute_repeated", kInfo,                                             \
    "A span or log record had an attribute key twice; the first value is kept.")                 \
  X(kSpanInvalidId, "span_invalid_id", kError,                                                   \
    "A span had a trace or span id of wrong length or all zero and was rejected alone.")         \
  X(kSpanInvalidParentId, "span_invalid_parent_id", kWarning,                                    \
    "A span had a parent id of wrong length and is kept as a root.")                             \
  X(kSpanTooDeep, "span_too_deep", kWarning,                                                     \
    "An attribute value was nested deeper than the limit and was cut there.")                    \
  X(kSpanRepeated, "span_repeated", kInfo,                                                       \
    "An exact repeat of a recent span was dropped; clients resend when an answer is lost.")      \
  X(kSpanTimeSuspect, "span_time_suspect", kInfo,                                                \
    "A span starts more than a day from now in the future or before 2000; kept and marked.")     \
  X(kSpanEndBeforeStart, "span_end_before_start", kInfo,                                         \
    "A span ends before it starts; kept and marked.")                                            \
  X(kSpanTooLong, "span_too_long", kInfo, "A span lasts longer than a year; kept and marked.")   \
  X(kAttributesOverLimit, "attributes_over_limit", kWarning,                                     \
    "A span had more attributes than the limit; the rest were cut and their number kept.")       \
  X(kTextRepaired, "text_repaired", kInfo,                                                       \
    "A text was not valid UTF-8 and was repaired with U+FFFD.")                                  \
  X(kPendingAfterFinal, "pending_after_final", kInfo,                                            \
    "A pending span came after its final span and was ignored.")                                 \
  X(kLogInvalidId, "log_invalid_id", kInfo,                                                      \
    "A log record had an invalid trace or span id and is kept without it.")                      \
  X(kMetricPointRepeated, "metric_point_repeated", kInfo,                                        \
    "An exact repeat of a recent metric point was dropped; see span_repeated.")                  \
  X(kMetricPointUnsupported, "metric_point_unsupported", kWarning,                               \
    "A metric had a data type that is not known and was rejected.")                              \
  X(kJournalTailCut, "journal_tail_cut", kInfo,                                                  \
    "An unacknowledged record at the end of the journal was cut off after a crash.")             \
  X(kJournalCorrupt, "journal_corrupt", kError,                                                  \
    "A part of the journal is damaged or missing: records in it that were not stored are lost.") \
  X(kTaskFailed, "task_failed", kError,                                                          \
    "Something failed in a way that is not expected; what was at hand was given up.")            \
  X(kSealFailed, "seal_failed", kWarning,                                                        \
    "A batch could not be written to its day; it stays in the journal and is tried again.")      \
  X(kBatchQuarantined, "batch_quarantined", kError,                                              \
    "A batch could not be stored by any means and was put into the quarantine folder.")          \
  X(kCutQuarantined, "cut_quarantined", kError,                                                  \
    "Runs that had settled could not be stored by any means and are not listed.")                \
  X(kContentMissing, "content_missing", kError,                                                  \
    "A message body that a span refers to was not found.")                                       \
  X(kSubscriberSkipped, "subscriber_skipped", kWarning,                                          \
    "A slow live subscriber lost older updates and was told so.")                                \
  X(kQueryTimedOut, "query_timed_out", kWarning, "A query hit its time limit and was stopped.")  \
  X(kUsageRolledUp, "usage_rolled_up", kInfo,                                                    \
    "Token usage of a span repeats that of other spans and was not counted again.")              \
  X(kPriceUnknown, "price_unknown", kWarning,                                                    \
    "A model call has no known price; it is shown as unpriced, never as 0.")                     \
  X(kRetentionDeleted, "retention_deleted", kInfo, "A day folder was deleted by retention.")     \
  X(kSubscriptionRefused, "subscription_refused", kWarning,                                      \
    "A live subscription was refused: too many in all or from one address.")                     \
  X(kSubscriberMessageUnknown, "subscriber_message_unknown", kInfo,                              \
    "A live subscriber sent a message that is not understood and was told so.")                  \
  X(kSubscriberMessageMalformed, "subscriber_message_malformed", kWarning,                       \
    "A live subscriber was closed for a malformed, binary or oversized WebSocket frame.")        \
  X(kRunAbandonedEarly, "run_abandoned_early", kWarning,                                         \
    "Too many runs were open at once; the one silent for longest is shown as abandoned.")        \
  X(kLiveSpanOverLimit, "live_span_over_limit", kWarning,                                        \
    "A run has more spans than live state holds; live figures leave the rest out.")              \
  X(kLiveRunNotLoaded, "live_run_not_loaded", kWarning,                                          \
    "An old run got new spans and could not be read again; live figures count it twice.")        \
  X(kRollupKeyOverLimit, "rollup_key_over_limit", kInfo,                                         \
    "A live figure was counted under (other): there are too many workflows, agents or models.")  \
  X(kFactTextOverLimit, "fact_text_over_limit", kWarning,                                        \
    "A name in cost and run sums was told as (more names ...): a day has too many of them.")     \
  X(kScoreUnusable, "score_unusable", kWarning,                                                  \
    "An evaluation in telemetry had no name or no outcome: it became no score.")                 \
  X(kScoreWithoutTarget, "score_without_target", kWarning,                                       \
    "An evaluation in telemetry was of no known step, run or session: it became no score.")      \
  X(kScoreNotStored, "score_not_stored", kError,                                                 \
    "A score that came with telemetry could not be stored: too many, or the metadata failed.")   \
  X(kScoreForgotten, "score_forgotten", kWarning,                                                \
    "One of the oldest scores that came with telemetry made room for newer ones.")               \
  X(kEventUnknownType, "event_unknown_type", kError,                                             \
    "A lifecycle event had an unknown type or lacked a required field.")                         \
  X(kEventInvalid, "event_invalid", kError,                                                      \
    "A lifecycle event was not JSON, nested too deeply or had a wrong field; rejected alone.")   \
  X(kEventRepeated, "event_repeated", kInfo,                                                     \
    "A lifecycle event that was accepted before came again and was not stored twice.")           \
  X(kEventContradicted, "event_contradicted", kWarning,                                          \
    "A run or step was reported finished again with another status; the first one stands.")      \
  X(kEventRunForgotten, "event_run_forgotten", kInfo,                                            \
    "A lifecycle run left the memory of open runs; its next event reads it from the store.")

enum class Loss : std::uint8_t {
#define SIGHTLINE_LOSS_ENUM(id, name, severity, text) id,
  SIGHTLINE_LOSS_TABLE(SIGHTLINE_LOSS_ENUM)
#undef SIGHTLINE_LOSS_ENUM
      kCount
};

enum class LossSeverity : std::uint8_t { kInfo, kWarning, kError };

struct LossInfo {
  std::string_view name;
  LossSeverity severity;
  std::string_view text;
};

// "info", "warning", "error".
std::string_view LossSeverityName(LossSeverity severity);

const LossInfo& GetLossInfo(Loss loss);

// Counters for the table above, since the process started.
//
// Thread: any.
class LossTable {
 public:
  void Count(Loss loss, std::uint64_t times = 1) {
    counts_[static_cast<std::size_t>(loss)].fetch_add(times, std::memory_order_relaxed);
  }

  std::uint64_t count(Loss loss) const {
    return counts_[static_cast<std::size_t>(loss)].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Loss::kCount)> counts_{};
};

}  // namespace sightline::base
