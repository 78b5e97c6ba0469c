// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sightline::server {

// The whole program: `sightline serve|demo|check|version`. Returns the exit code: 0 done, 1 failed
// while running, 2 bad command line or configuration.
int RunCommand(int argc, const char* const* argv);

}  // namespace sightline::server
