// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/temp_directory_for_testing.h"
#include "net/http.h"
#include "server/server.h"

namespace sightline::golden {

// A server whose time stands still, with everything in it that a world.json tells: steps, each at a
// time of its own, at which something is sent to it. After the last step time moves no more.
//
//   {"steps": [
//     {"at": "2026-03-01T10:00:05Z",        when it arrives
//      "from": "2026-03-01T10:00:00Z",      what the times of its spans count from; default: `at`
//      "service": "shop", "resource": {"service.version": "1"}, "scope": "lib",
//      "spans": [{"trace": 1, "id": 2, "parent": 1, "name": "chat", "t": [0.5, 2],
//                 "attributes": {"a": 1}, "error": "message",
//                 "events": [{"name": "exception", "t": 1, "attributes": {...}}],
//                 "links": [{"trace": 3, "id": 1}]}]},
//     {"at": "...", "post": "/v1/logs", "body": {...}}]}
//
// `trace` and `id` are numbers that become ids, `t` is seconds.
//
// Thread: one.
class World {
 public:
  // What was received is in the journal and in memory, nothing is sealed.
  explicit World(const std::filesystem::path& file);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Stops the server, which seals everything, and starts it again: all answers come from disk.
  void Restart();

  // Waits until what was sent is in every answer.
  void Settle() const;

  // Asks the port that answers such a path.
  net::HttpResponse Ask(std::string_view method, std::string_view target,
                        std::string_view body = "") const;

 private:
  void Start();

  base::TempDirectory directory_;
  base::ManualClock clock_;
  std::unique_ptr<server::Server> server_;
};

}  // namespace sightline::golden
