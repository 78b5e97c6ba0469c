// SPDX-License-Identifier: Apache-2.0
#include "base/thread_name.h"

#include <pthread.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace sightline::base {

void NameThread(const char* name) {
  std::array<char, 16> cut{};  // The system refuses longer names.
  std::string_view(name).copy(cut.data(), cut.size() - 1);
  pthread_setname_np(pthread_self(), cut.data());
}

}  // namespace sightline::base
