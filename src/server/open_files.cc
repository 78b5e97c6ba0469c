// SPDX-License-Identifier: Apache-2.0
#include "server/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace sightline::server {

std::size_t RaiseOpenFilesLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    constexpr std::size_t kLeastOfPosix = 20;
    return kLeastOfPosix;
  }
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
      limit = raised;
    }
  }
  return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<std::size_t>::max()
                                         : static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t ConnectionsFor(std::size_t limit, std::size_t ports, std::size_t wanted) {
  return std::clamp<std::size_t>(limit / 2 / ports, 1, std::max<std::size_t>(wanted, 1));
}

}  // namespace sightline::server
