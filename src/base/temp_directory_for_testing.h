// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include <stdlib.h>

#include "base/check.h"

namespace sightline::base {

// A directory of a test's own, removed with all that is in it when it dies.
//
// Thread: confined.
class TempDirectory {
 public:
  TempDirectory() {
    const std::string name = "sightline_test_" + std::string(6, 'X');  // mkdtemp replaces six X.
    std::string pattern = (std::filesystem::temp_directory_path() / name).string();
    CHECK(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }

  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sightline::base
