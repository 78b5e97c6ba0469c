// SPDX-License-Identifier: Apache-2.0
#include "api/live/execution_feed.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "api/live/live_json.h"
#include "api/request/parameters.h"
#include "model/run_status.h"
#include "net/http_status.h"

namespace sightline::api {
namespace {

// Sends the state, and says good-bye when nothing more is to come.
void Tell(FeedClient& client, const net::Payload& state, model::RunStatus status) {
  client.SendState(state);
  if (model::IsFinal(status)) {
    client.Close(net::kCloseNormal, model::RunStatusName(status));
  }
}

// How long the first state waits for what was sent just before.
constexpr std::chrono::milliseconds kPatience{500};

}  // namespace

void ExecutionFeed::Open(const net::HttpRequest& request, net::ResponseSink sink) {
  const std::string execution_id(request.PathParameter("execution_id"));
  const auto wait = Parameters(request.query).Bool("wait");
  if (!wait.has_value()) {
    sink.Answer(net::ErrorResponse(wait.error()));
    return;
  }
  const auto client = FeedClient::Accept(
      parts_, request, std::move(sink),
      [this, execution_id](const std::shared_ptr<FeedClient>& gone) { Leave(execution_id, gone); });
  if (client == nullptr) {
    return;
  }
  // What came before is told once, as the first state.
  static_cast<void>(live_.WaitForAdded(std::chrono::steady_clock::now() + kPatience));
  // Registered before it is told: no change can fall in between.
  Join(execution_id, client);
  TellFirst(execution_id, client, wait->value_or(false));
}

net::Payload ExecutionFeed::PayloadOf(const live::RunSnapshot& run) const {
  return parts_.gate.payloads()->Make(StatusUpdate(run));
}

void ExecutionFeed::TellFirst(const std::string& execution_id,
                              const std::shared_ptr<FeedClient>& client, bool waits) {
  do {
    const auto run = loader_.Find(execution_id);
    if (run.has_value()) {
      Tell(*client, PayloadOf(**run), (*run)->summary.status);
    } else if (run.error().code() != base::Code::kNotFound) {
      client->Refuse(net::kCloseInternalError, run.error().message());
      return;
    } else if (!waits) {
      client->Refuse(net::kClosePolicyViolation,
                     fmt::format("execution {} is not known", execution_id));
      return;
    }
  } while (HasMissed(execution_id, client));
}

bool ExecutionFeed::HasMissed(const std::string& execution_id,
                              const std::shared_ptr<FeedClient>& client) {
  base::MutexLock lock(mutex_);
  const auto topic = topics_.find(execution_id);
  if (topic == topics_.end()) {
    return false;
  }
  const auto member =
      std::find_if(topic->second.begin(), topic->second.end(),
                   [&](const Member& candidate) { return candidate.client == client; });
  if (member == topic->second.end()) {
    return false;
  }
  const bool has_missed = std::exchange(member->has_missed, false);
  member->is_told = !has_missed;
  return has_missed;
}

void ExecutionFeed::Join(const std::string& execution_id,
                         const std::shared_ptr<FeedClient>& client) {
  // Watched first: who leaves in between would else leave a watch that nobody ends.
  live_.WatchRun(execution_id);
  {
    base::MutexLock lock(mutex_);
    if (!client->is_closed()) {
      topics_[execution_id].push_back({.client = client});
      return;
    }
  }
  live_.UnwatchRun(execution_id);
}

void ExecutionFeed::Leave(const std::string& execution_id,
                          const std::shared_ptr<FeedClient>& client) {
  {
    base::MutexLock lock(mutex_);
    const auto topic = topics_.find(execution_id);
    if (topic == topics_.end() || std::erase_if(topic->second, [&](const Member& member) {
                                    return member.client == client;
                                  }) == 0) {
      return;
    }
    if (topic->second.empty()) {
      topics_.erase(topic);
    }
  }
  live_.UnwatchRun(execution_id);
}

void ExecutionFeed::OnRun(const live::RunSnapshot& run) {
  std::vector<std::shared_ptr<FeedClient>> clients;
  {
    base::MutexLock lock(mutex_);
    std::vector<std::string> ids = {run.summary.trace_id.ToHex()};
    if (run.summary.execution_id != ids[0]) {
      ids.push_back(run.summary.execution_id);
    }
    for (const std::string& id : ids) {
      const auto topic = topics_.find(id);
      if (topic == topics_.end()) {
        continue;
      }
      for (Member& member : topic->second) {
        member.has_missed = member.has_missed || !member.is_told;
        if (member.is_told) {
          clients.push_back(member.client);
        }
      }
    }
  }
  if (clients.empty()) {
    return;
  }
  const net::Payload state = PayloadOf(run);
  for (const std::shared_ptr<FeedClient>& client : clients) {
    Tell(*client, state, run.summary.status);
  }
}

}  // namespace sightline::api
