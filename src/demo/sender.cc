// SPDX-License-Identifier: Apache-2.0
#include "demo/sender.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <time.h>

#include "demo/partial_success.h"
#include "demo/random.h"
#include "demo/simulator.h"
#include "demo/stories.h"
#include "net/body_codec.h"
#include "net/http_client.h"

namespace sightline::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr double kMaxRunsPerMinute = 6000;
constexpr seconds kMaxBackfill = std::chrono::hours(24);

// While the sender is behind, requests are joined up to this size and spaced by kMinGap: at most
// 25 MB/s before compression.
constexpr std::size_t kJoinedBytes = std::size_t{1} << 20U;
constexpr milliseconds kMinGap{40};

constexpr milliseconds kFirstRetryDelay{500};
constexpr milliseconds kMaxRetryDelay{30'000};
constexpr seconds kGiveUpAfter{60};
constexpr seconds kGiveUpUnconnectedAfter{30};

constexpr std::size_t kSignalCount = 3;

std::string_view PathOf(otlp::Signal signal) {
  switch (signal) {
    case otlp::Signal::kTraces:
      return "/v1/traces";
    case otlp::Signal::kLogs:
      return "/v1/logs";
    case otlp::Signal::kMetrics:
      return "/v1/metrics";
  }
  CHECK(false);
}

base::Error Invalid(std::string message) {
  return {base::Code::kInvalidArgument, std::move(message)};
}

base::Result<void> Validate(const DemoOptions& options) {
  if (!options.endpoint.starts_with("http://") && !options.endpoint.starts_with("https://")) {
    return Invalid(fmt::format("cannot send to '{}': the endpoint must be an http or https URL",
                               options.endpoint));
  }
  if (!(options.runs_per_minute > 0) || options.runs_per_minute > kMaxRunsPerMinute) {
    return Invalid(
        fmt::format("cannot simulate {} runs a minute: the rate must be above 0 and at "
                    "most {}",
                    options.runs_per_minute, kMaxRunsPerMinute));
  }
  if (options.backfill < seconds(0) || options.backfill > kMaxBackfill) {
    return Invalid("cannot send that much history: at most 24 hours");
  }
  if (options.duration.has_value() && *options.duration < seconds(0)) {
    return Invalid("cannot play for a negative duration");
  }
  return {};
}

bool IsRetryable(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

bool IsRetryable(const base::Error& error) {
  return error.code() == base::Code::kUnavailable || error.code() == base::Code::kDeadlineExceeded;
}

// The Retry-After header: seconds or a date.
std::optional<nanoseconds> RetryAfter(const net::HttpResponse& response, std::int64_t now_ns) {
  const std::optional<std::string_view> header = response.headers.Find("Retry-After");
  if (!header.has_value()) {
    return std::nullopt;
  }
  std::int64_t count = 0;
  const char* const end = header->data() + header->size();
  const auto [rest, error] = std::from_chars(header->data(), end, count);
  if (error == std::errc() && rest == end && count >= 0) {
    return std::min<nanoseconds>(seconds(std::min<std::int64_t>(count, 3600)), kGiveUpAfter);
  }
  std::tm time = {};
  if (strptime(std::string(*header).c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time) == nullptr) {
    return std::nullopt;
  }
  const nanoseconds until = seconds(timegm(&time)) - nanoseconds(now_ns);
  return std::clamp<nanoseconds>(until, nanoseconds(0), kGiveUpAfter);
}

// Requests of one signal that wait to be sent as one: protobuf messages join by concatenation.
struct Parcel {
  std::string body;
  std::size_t items = 0;
};

class Player {
 public:
  Player(const DemoEnvironment& environment, const DemoOptions& options, std::stop_token stop)
      : environment_(environment),
        options_(options),
        stop_(std::move(stop)),
        start_ns_(environment.clock.NowNs()),
        simulator_(
            {.seed = options.seed,
             .start_ns = start_ns_ - nanoseconds(options.backfill).count(),
             .runs_per_minute = options.runs_per_minute,
             .stories = options.has_stories
                            ? Stories::InHistory(start_ns_ - nanoseconds(options.backfill).count(),
                                                 options.backfill)
                            : Stories()}),
        jitter_(MixSeeds(options.seed, 2)) {
    while (options_.endpoint.ends_with('/')) {
      options_.endpoint.pop_back();
    }
  }

  base::Result<DemoReport> Play();

 private:
  // What became of one attempt to send.
  enum class Outcome : std::uint8_t { kAccepted, kRefused, kRetry };

  struct Attempt {
    Outcome outcome = Outcome::kRetry;
    std::optional<nanoseconds> delay;  // kRetry: as the receiver asked.
  };

  std::int64_t NowNs() const { return environment_.clock.NowNs(); }

  void Collect(Export& next, std::int64_t until_ns);
  base::Result<void> SendAll();
  base::Result<void> Send(otlp::Signal signal, const Parcel& parcel);
  base::Result<Attempt> Try(otlp::Signal signal, const std::string& body, std::size_t items);
  void Accept(otlp::Signal signal, const net::HttpResponse& response, std::size_t bytes,
              std::size_t items);
  void Drop(std::size_t items);
  nanoseconds BackOff(int attempt);

  const DemoEnvironment& environment_;
  DemoOptions options_;
  const std::stop_token stop_;
  const std::int64_t start_ns_;
  Simulator simulator_;
  Random jitter_;
  std::array<Parcel, kSignalCount> parcels_;
  DemoReport report_;
};

base::Result<DemoReport> Player::Play() {
  const std::int64_t end_ns = options_.duration.has_value()
                                  ? start_ns_ + nanoseconds(*options_.duration).count()
                                  : INT64_MAX;
  Export next = simulator_.Next();
  while (!stop_.stop_requested() && next.time_ns <= end_ns) {
    const std::int64_t now_ns = NowNs();
    if (next.time_ns > now_ns) {
      environment_.wait(nanoseconds(next.time_ns - now_ns), stop_);
      continue;
    }
    Collect(next, std::min(now_ns, end_ns));
    TRY(SendAll());
  }
  for (const std::size_t runs : simulator_.counts().runs) {
    report_.runs += runs;
  }
  return std::move(report_);
}

// Takes what is due by `until_ns`, up to kJoinedBytes; `next` is then the first that is left.
void Player::Collect(Export& next, std::int64_t until_ns) {
  std::size_t bytes = 0;
  while (next.time_ns <= until_ns && bytes < kJoinedBytes) {
    bytes += next.body.size();
    Parcel& parcel = parcels_[static_cast<std::size_t>(next.signal)];
    parcel.body += next.body;
    parcel.items += next.items;
    next = simulator_.Next();
  }
}

base::Result<void> Player::SendAll() {
  for (std::size_t i = 0; i < kSignalCount; ++i) {
    const Parcel parcel = std::exchange(parcels_[i], {});
    if (!parcel.body.empty() && !stop_.stop_requested()) {
      TRY(Send(static_cast<otlp::Signal>(i), parcel));
      environment_.wait(kMinGap, stop_);
    }
  }
  return {};
}

base::Result<void> Player::Send(otlp::Signal signal, const Parcel& parcel) {
  const std::string body = net::GzipCompress(parcel.body);
  const std::int64_t begin_ns = NowNs();
  for (int attempt = 0; !stop_.stop_requested(); ++attempt) {
    const Attempt result = TRY(Try(signal, body, parcel.items));
    if (result.outcome == Outcome::kAccepted) {
      return {};
    }
    const nanoseconds spent(NowNs() - begin_ns);
    if (report_.requests == 0 && spent >= kGiveUpUnconnectedAfter) {
      return base::Error(
          base::Code::kUnavailable,
          fmt::format("cannot send to {}: {}", options_.endpoint, report_.last_problem));
    }
    if (result.outcome == Outcome::kRefused || spent >= kGiveUpAfter) {
      Drop(parcel.items);
      return {};
    }
    ++report_.retries;
    environment_.wait(result.delay.value_or(BackOff(attempt)), stop_);
  }
  Drop(parcel.items);
  return {};
}

base::Result<Player::Attempt> Player::Try(otlp::Signal signal, const std::string& body,
                                          std::size_t items) {
  const base::Result<net::HttpResponse> response =
      environment_.post(options_.endpoint + std::string(PathOf(signal)),
                        {{"Content-Type", "application/x-protobuf"},
                         {"Content-Encoding", "gzip"},
                         {"User-Agent", "sightline-demo"}},
                        body);
  if (!response.has_value()) {
    if (!IsRetryable(response.error())) {
      return response.error();
    }
    report_.last_problem = response.error().message();
    return Attempt{};
  }
  if (response->status == 200) {
    Accept(signal, *response, body.size(), items);
    return Attempt{.outcome = Outcome::kAccepted, .delay = std::nullopt};
  }
  report_.last_problem = fmt::format("{} answered {}", PathOf(signal), response->status);
  if (!IsRetryable(response->status)) {
    return Attempt{.outcome = Outcome::kRefused, .delay = std::nullopt};
  }
  return Attempt{.outcome = Outcome::kRetry, .delay = RetryAfter(*response, NowNs())};
}

void Player::Accept(otlp::Signal signal, const net::HttpResponse& response, std::size_t bytes,
                    std::size_t items) {
  ++report_.requests;
  report_.bytes += bytes;
  std::array<std::uint64_t*, kSignalCount> counts = {&report_.spans, &report_.log_records,
                                                     &report_.data_points};
  *counts[static_cast<std::size_t>(signal)] += items;
  const base::Result<otlp::PartialSuccess> partial = DecodePartialSuccess(response.body);
  if (!partial.has_value()) {
    report_.last_problem = partial.error().message();
    return;
  }
  report_.rejected_items +=
      static_cast<std::uint64_t>(std::max<std::int64_t>(partial->rejected, 0));
  if (!partial->error_message.empty()) {
    report_.last_problem = partial->error_message;
  }
}

void Player::Drop(std::size_t items) {
  ++report_.dropped_requests;
  report_.dropped_items += items;
}

// Doubles with each attempt; the jitter keeps several senders apart.
nanoseconds Player::BackOff(int attempt) {
  const nanoseconds delay =
      std::min<nanoseconds>(kFirstRetryDelay * (1 << std::min(attempt, 10)), kMaxRetryDelay);
  const double factor = 0.8 + 0.4 * jitter_.Uniform();
  return nanoseconds(static_cast<std::int64_t>(static_cast<double>(delay.count()) * factor));
}

}  // namespace

base::Result<DemoReport> RunDemoIn(const DemoEnvironment& environment, const DemoOptions& options,
                                   const std::stop_token& stop) {
  TRY(Validate(options));
  return Player(environment, options, stop).Play();
}

base::Result<DemoReport> RunDemo(const DemoOptions& options, const std::stop_token& stop) {
  const base::SystemClock clock;
  net::HttpClient client({.total_timeout = milliseconds(10'000)});
  const auto wait = [](nanoseconds time, const std::stop_token& token) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, token, time, [] { return false; });
  };
  const DemoEnvironment environment = {
      .clock = clock,
      .post = [&client](const std::string& url, const net::HttpHeaders& headers,
                        std::string_view body) { return client.Post(url, headers, body); },
      .wait = wait};
  return RunDemoIn(environment, options, stop);
}

}  // namespace sightline::demo
