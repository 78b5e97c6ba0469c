// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_receiver.h"

#include <exception>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/log.h"
#include "base/thread_name.h"
#include "ingest/lifecycle_request.h"
#include "net/body_codec.h"
#include "otlp/request.h"

namespace sightline::ingest {
namespace {

constexpr std::chrono::seconds kRetryAfter{1};
constexpr std::uint64_t kAnyPosition = std::numeric_limits<std::uint64_t>::max();

base::Error TooMuch(std::string_view why) {
  return {base::Code::kResourceExhausted, "cannot take the events now: " + std::string(why)};
}

bool IsArray(std::string_view body) {
  const std::size_t begin = body.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && body[begin] == '[';
}

base::Loss LossOf(const base::Error& error) {
  return error.code() == base::Code::kResourceExhausted ? base::Loss::kRequestTooLarge
                                                        : base::Loss::kRequestMalformed;
}

}  // namespace

struct LifecycleReceiver::Job {
  EventsRequest request;
  Done done;
  // Of the body after decompression, when there was no room for it yet.
  std::size_t missing_bytes = 0;
  std::int64_t now_ns = 0;

  // Of the valid events; texts are views into the body and the arena.
  base::Arena arena;
  std::vector<LifecycleEvent> events;
  EventsOutcome outcome;

  void Refuse(const base::Error& error) { Answer(error, std::nullopt); }

  void AskAgain(const base::Error& error) { Answer(error, kRetryAfter); }

 private:
  // Releases the bytes first, so that the next request is not refused because of this one.
  void Answer(const base::Error& error, std::optional<std::chrono::seconds> retry_after) {
    request.charge.Release();
    done(error, retry_after);
  }
};

LifecycleReceiver::LifecycleReceiver(const Options& options, const Parts& parts)
    : options_(options),
      parts_(parts),
      builder_({.normalizer = parts.normalizer,
                .prices = parts.prices,
                .recent = parts.recent,
                .bodies = parts.store.bodies(),
                .losses = parts.losses,
                .limits = options.limits}),
      queue_(
          {.capacity = options.max_queued_requests, .patience = options.patience}, parts.clock,
          [&store = parts.store] { return store.has_room(); },
          [](JobPtr& job) { return job->request.charge.Grow(job->missing_bytes); }) {
  for (unsigned i = 0; i < options.threads; ++i) {
    threads_.emplace_back([this] {
      base::NameThread("events");
      Run();
    });
  }
}

LifecycleReceiver::~LifecycleReceiver() {
  Stop();
}

void LifecycleReceiver::Stop() {
  queue_.Close();
  threads_.clear();
}

void LifecycleReceiver::Submit(EventsRequest request, Done done) {
  auto job = std::make_unique<Job>();
  job->request = std::move(request);
  job->done = std::move(done);
  if (!queue_.TryPush(std::move(job))) {
    PushBack(*job, "too many requests wait");
  }
}

void LifecycleReceiver::Run() {
  while (auto taken = queue_.Pop()) {
    try {
      Process(std::move(*taken));
    } catch (const std::exception& exception) {
      parts_.losses.Count(base::Loss::kTaskFailed);  // What answers the sender has died unused.
      base::LogError("cannot process events: {}", exception.what());
    }
  }
}

void LifecycleReceiver::PushBack(Job& job, std::string_view why) const {
  parts_.losses.Count(base::Loss::kRequestPushedBack);
  job.AskAgain(TooMuch(why));
}

void LifecycleReceiver::Process(JobQueue::Taken taken) {
  Job& job = *taken.item;
  if (taken.is_too_late) {
    PushBack(job, job.missing_bytes > 0 ? "too many bytes in flight" : "the store is catching up");
    return;
  }
  job.now_ns = parts_.clock.NowNs();
  if (const auto unpacked = Unpack(job); !unpacked.has_value()) {
    if (unpacked.error().code() == base::Code::kUnavailable) {
      queue_.PutBack(std::move(taken));
      return;
    }
    parts_.losses.Count(LossOf(unpacked.error()));
    job.Refuse(unpacked.error());
    return;
  }
  if (const auto parsed = Parse(job); !parsed.has_value()) {
    parts_.losses.Count(LossOf(parsed.error()));
    job.Refuse(parsed.error());
    return;
  }
  const auto loaded = LoadRuns(job.events);
  if (!loaded.has_value()) {
    parts_.losses.Count(base::Loss::kRequestStorageUnavailable);
    job.AskAgain(base::Error(base::Code::kUnavailable, loaded.error().message()));
    return;
  }
  auto transaction = parts_.state.Begin(job.events, *loaded);
  if (!transaction) {
    PushBack(job, "another request with the same event is being stored");
    return;
  }
  Commit(job, std::move(*transaction));
}

// Leaves the plain body in the request. kUnavailable: there is no room for it, and the job is as it
// was but for missing_bytes.
base::Result<void> LifecycleReceiver::Unpack(Job& job) const {
  EventsRequest& request = job.request;
  if (request.content_encoding.empty()) {
    return {};
  }
  std::string body =
      TRY(net::Decompress(request.content_encoding, request.body, options_.max_decompressed_bytes));
  if (job.missing_bytes == 0 && !request.charge.Grow(body.size())) {
    job.missing_bytes = body.size();
    return base::Error(base::Code::kUnavailable, "too many bytes in flight");
  }
  request.body = std::move(body);
  return {};
}

base::Result<void> LifecycleReceiver::Parse(Job& job) const {
  const std::string_view body = job.request.body;
  const auto items = TRY(SplitEvents(job.request.format, body, options_.max_events));
  // A body that is one value, and broken, is refused as a whole.
  const bool is_one_value = job.request.format == EventFormat::kJson && !IsArray(body);
  job.events.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto parsed = ParseEvent(items[i], job.now_ns, job.arena);
    if (auto* event = std::get_if<LifecycleEvent>(&parsed)) {
      parts_.losses.Count(base::Loss::kTextRepaired, event->is_repaired ? 1 : 0);
      job.events.push_back(std::move(*event));
      continue;
    }
    auto& fault = std::get<EventFault>(parsed);
    if (fault.is_not_json && is_one_value) {
      return base::Error(base::Code::kInvalidArgument,
                         "cannot read events: the body " + fault.detail);
    }
    parts_.losses.Count(fault.loss);
    job.outcome.rejected.push_back({.index = i, .detail = std::move(fault.detail)});
  }
  job.outcome.accepted = job.events.size();
  return {};
}

base::Result<std::vector<LoadedRun>> LifecycleReceiver::LoadRuns(
    std::span<const LifecycleEvent> events) const {
  std::vector<LoadedRun> loaded;
  for (const model::TraceId& id : parts_.state.UnknownRuns(events)) {
    LoadedRun run{.trace_id = id, .rows = nullptr, .bodies = {}};
    if (!parts_.store.MayKnow(id, kAnyPosition)) {
      loaded.push_back(std::move(run));
      continue;
    }
    const auto deadline = std::chrono::steady_clock::now() + options_.read_timeout;
    run.rows = TRY(parts_.store.FetchTrace(id, deadline));
    const std::vector<std::uint64_t> bodies = BodiesOfStarts(*run.rows);
    if (!bodies.empty()) {
      run.bodies = TRY(parts_.store.LoadBodies(bodies, deadline));
    }
    loaded.push_back(std::move(run));
  }
  return loaded;
}

void LifecycleReceiver::Commit(Job& job, LifecycleState::Transaction transaction) {
  CountVerdicts(transaction.decisions, job.outcome);
  otlp::Request request;
  WriteRequest(job.events, transaction.decisions, job.arena, request);
  const BatchBuilder::Built built = builder_.Build(request, job.now_ns);
  parts_.pipeline.Commit(
      *built.batch,
      [&state = parts_.state, transaction = std::move(transaction), done = std::move(job.done),
       outcome = std::move(job.outcome),
       charge = std::make_shared<ByteBudget::Charge>(std::move(job.request.charge))](
          const base::Result<void>& committed, std::optional<std::chrono::seconds> retry_after) {
        charge->Release();
        state.End(transaction, committed.has_value() ? LifecycleState::Ending::kDurable
                                                     : LifecycleState::Ending::kFailed);
        if (committed.has_value()) {
          done(outcome, std::nullopt);
        } else {
          done(committed.error(), retry_after);
        }
      });
}

void LifecycleReceiver::CountVerdicts(std::span<const EventDecision> decisions,
                                      EventsOutcome& outcome) const {
  for (const EventDecision& decision : decisions) {
    switch (decision.verdict) {
      case EventVerdict::kStore:
        continue;
      case EventVerdict::kRepeated:
        parts_.losses.Count(base::Loss::kEventRepeated);
        break;
      case EventVerdict::kContradicted:
        parts_.losses.Count(base::Loss::kEventContradicted);
        break;
      case EventVerdict::kTooLate:
        parts_.losses.Count(base::Loss::kPendingAfterFinal);
        break;
    }
    ++outcome.repeated;
  }
}

}  // namespace sightline::ingest
