// SPDX-License-Identifier: Apache-2.0
#include "base/loss.h"

namespace sightline::base {
namespace {

constexpr std::array<LossInfo, static_cast<std::size_t>(Loss::kCount)> kTable = {{
#define SIGHTLINE_LOSS_ROW(id, name, severity, text) {name, LossSeverity::severity, text},
    SIGHTLINE_LOSS_TABLE(SIGHTLINE_LOSS_ROW)
#undef SIGHTLINE_LOSS_ROW
}};

}  // namespace

std::string_view LossSeverityName(LossSeverity severity) {
  switch (severity) {
    case LossSeverity::kInfo:
      return "info";
    case LossSeverity::kWarning:
      return "warning";
    case LossSeverity::kError:
      return "error";
  }
  return "unknown";
}

const LossInfo& GetLossInfo(Loss loss) {
  return kTable[static_cast<std::size_t>(loss)];
}

}  // namespace sightline::base
