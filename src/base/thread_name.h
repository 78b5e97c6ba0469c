// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sightline::base {

// Names the calling thread for `top -H`, debuggers and profiles. At most 15 characters count.
void NameThread(const char* name);

}  // namespace sightline::base
