// SPDX-License-Identifier: Apache-2.0
#include "load/load_run.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <thread>
#include <utility>

#include "load/sender.h"
#include "load/text_pool.h"

namespace sightline::load {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Large enough that a text does not come again within what a store compresses at once.
constexpr std::size_t kPoolBytes = std::size_t{64} << 20U;

std::int64_t WallNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// What the connections share.
struct Shared {
  const LoadOptions& options;
  const TextPool& pool;
  SteadyClock::time_point start;
  std::int64_t start_wall_ns = 0;
  std::uint64_t max_requests = std::numeric_limits<std::uint64_t>::max();
  std::atomic<std::uint64_t> taken = 0;  // Requests that some connection sends or has sent.
};

class Connection {
 public:
  Connection(Shared& shared, std::size_t number)
      : shared_(shared),
        options_(shared.options),
        stream_(StreamOf(shared.options, number), shared.pool),
        sender_(options_.protocol == Protocol::kGrpc ? MakeGrpcSender(options_.target)
                                                     : MakeHttpSender(options_.target)) {}

  void Run() {
    while (true) {
      const std::uint64_t number = shared_.taken.fetch_add(1, std::memory_order_relaxed);
      if (number >= shared_.max_requests || IsOver() || !WaitForTurn(number)) {
        return;
      }
      const RequestStream::Request request = stream_.Next(RunStartNs(number));
      if (!SendUntilAccepted(request.body)) {
        return;
      }
      report_.requests += 1;
      report_.spans += options_.stream.batch;
      report_.bytes += request.body.size();
      if (request.ended_runs > 0) {
        report_.runs.push_back(request.last_ended_run);
      }
    }
  }

  LoadReport TakeReport() { return std::move(report_); }

 private:
  static StreamOptions StreamOf(const LoadOptions& options, std::size_t number) {
    StreamOptions stream = options.stream;
    stream.streams = options.connections;
    stream.stream = number;
    return stream;
  }

  bool IsOver() const {
    return options_.duration.count() > 0 && SteadyClock::now() - shared_.start >= options_.duration;
  }

  // In rate mode each request has its time; one that is late is sent at once.
  bool WaitForTurn(std::uint64_t number) const {
    if (options_.rate <= 0) {
      return true;
    }
    const std::chrono::duration<double> due(static_cast<double>(number * options_.stream.batch) /
                                            options_.rate);
    std::this_thread::sleep_until(shared_.start +
                                  std::chrono::duration_cast<SteadyClock::duration>(due));
    return !IsOver();
  }

  // A run that is sent now has just ended, or `ago` before.
  std::int64_t RunStartNs(std::uint64_t number) const {
    const std::int64_t duration = RunDurationNs(options_.stream.shape) +
                                  static_cast<std::int64_t>(options_.ago.count() * 1e9);
    if (options_.history.count() <= 0) {
      return WallNs() - duration;
    }
    const double share = static_cast<double>(number) / static_cast<double>(shared_.max_requests);
    return shared_.start_wall_ns - duration -
           static_cast<std::int64_t>(options_.history.count() * 1e9 * (1 - share));
  }

  bool SendUntilAccepted(std::string_view body) {
    while (true) {
      const auto sent = SteadyClock::now();
      switch (sender_->Send(body)) {
        case Outcome::kAccepted: {
          const std::chrono::duration<float, std::milli> took = SteadyClock::now() - sent;
          report_.latencies_ms.push_back(took.count());
          return true;
        }
        case Outcome::kPushedBack:
          ++report_.pushed_back;
          break;
        case Outcome::kFailed:
          ++report_.failed;
          report_.problem = sender_->problem();
          return false;
      }
      if (IsOver()) {
        return false;
      }
      std::this_thread::sleep_for(options_.retry_pause);
    }
  }

  Shared& shared_;
  const LoadOptions& options_;
  RequestStream stream_;
  const std::unique_ptr<Sender> sender_;
  LoadReport report_;
};

template <typename T>
void Append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

LoadReport RunLoad(const LoadOptions& options) {
  const TextPool pool(options.stream.seed, kPoolBytes);
  Shared shared{.options = options, .pool = pool};
  if (options.spans > 0) {
    shared.max_requests = (options.spans + options.stream.batch - 1) / options.stream.batch;
  }
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < options.connections; ++i) {
    connections.push_back(std::make_unique<Connection>(shared, i));
  }
  // Encoding the requests, above, is not part of the measured time.
  shared.start = SteadyClock::now();
  shared.start_wall_ns = WallNs();
  {
    std::vector<std::jthread> threads;
    for (const auto& connection : connections) {
      threads.emplace_back([&connection] { connection->Run(); });
    }
  }
  LoadReport total;
  total.seconds = std::chrono::duration<double>(SteadyClock::now() - shared.start).count();
  for (const auto& connection : connections) {
    const LoadReport part = connection->TakeReport();
    total.requests += part.requests;
    total.spans += part.spans;
    total.bytes += part.bytes;
    total.pushed_back += part.pushed_back;
    total.failed += part.failed;
    total.problem = part.problem.empty() ? total.problem : part.problem;
    Append(total.latencies_ms, part.latencies_ms);
    Append(total.runs, part.runs);
  }
  std::sort(total.latencies_ms.begin(), total.latencies_ms.end());
  std::sort(total.runs.begin(), total.runs.end());
  return total;
}

}  // namespace sightline::load
