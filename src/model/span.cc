// SPDX-License-Identifier: Apache-2.0
#include "model/span.h"

namespace sightline::model {

std::string_view MarkName(Mark mark) {
  switch (mark) {
    case Mark::kEndBeforeStart:
      return "end_before_start";
    case Mark::kTimeSuspect:
      return "time_suspect";
    case Mark::kTooLong:
      return "too_long";
    case Mark::kTextRepaired:
      return "repaired_utf8";
    case Mark::kAttributesCut:
      return "attributes_cut";
    case Mark::kFromLog:
      return "from_log";
    case Mark::kPlaceholder:
      return "placeholder";
    case Mark::kIsLogLike:
      return "log_like";
    case Mark::kNotACall:
      return "not_a_call";
    case Mark::kAppRoot:
      return "app_root";
    case Mark::kDemo:
      return "demo";
    case Mark::kLifetimeUsage:
      return "lifetime_usage";
    case Mark::kNestedTooDeep:
      return "nested_too_deep";
    case Mark::kDerivedIds:
      return "derived_ids";
  }
  return {};
}

}  // namespace sightline::model
