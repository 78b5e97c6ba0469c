// SPDX-License-Identifier: Apache-2.0
#include "model/metric_point.h"

#include "model/varint.h"

namespace sightline::model {

void AppendSeriesIdentity(std::string& out, const MetricPoint& point) {
  for (const std::string_view text : {point.name, point.unit, point.service, point.service_instance,
                                      point.scope, point.attributes, point.resource_attributes}) {
    AppendText(out, text);
  }
  out.push_back(static_cast<char>(point.type));
  out.push_back(static_cast<char>(point.temporality));
  out.push_back(point.is_monotonic ? '\1' : '\0');
}

}  // namespace sightline::model
