// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <re2/re2.h>

#include "model/run_record.h"

namespace sightline::store::embedded {

// Whether a searched text occurs in what a run is called and who took part: names, ids of its
// sender, session and user, its error, version and tags. In any letter case.
//
// Thread: any.
class RunText {
 public:
  explicit RunText(std::string_view text);

  bool is_ok() const { return pattern_.ok(); }

  bool OccursIn(const model::RunRecord& run) const;

  // The same as a condition on rows of the table of runs. Holds no text from outside but characters
  // that need no quoting.
  std::string Condition() const;

  // All that it looks at of a row, as one text.
  static std::string_view Columns();

 private:
  bool Occurs(std::string_view text) const;

  const std::string source_;
  const RE2 pattern_;
};

}  // namespace sightline::store::embedded
