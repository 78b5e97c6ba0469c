// SPDX-License-Identifier: Apache-2.0
// Task `anomaly`: values of several streams, each answered when it comes.
#include <cstdint>
#include <istream>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include <boost/json.hpp>

#include "accuracy/each_line.h"
#include "accuracy/tasks.h"
#include "analytics/anomaly/anomaly_detector.h"
#include "base/time_text.h"

namespace sightline::accuracy {

void AnswerAnomaly(std::istream& in, std::ostream& out) {
  std::unordered_map<std::string, analytics::AnomalyDetector> streams;
  AnswerEachLine(in, out, [&streams](const boost::json::object& line) -> boost::json::object {
    const std::optional<std::int64_t> time = base::ParseTimeNs(Text(line, "t"));
    if (!time) {
      throw std::invalid_argument("cannot read the time of a value");
    }
    analytics::AnomalyDetector& detector = streams[std::string(Text(line, "stream"))];
    const analytics::AnomalyVerdict verdict =
        detector.Observe(*time, line.at("value").to_number<double>());
    boost::json::object answer{{"score", verdict.score}, {"alert", verdict.is_alert}};
    if (verdict.is_alert) {
      answer["kind"] = analytics::AnomalyKindName(verdict.kind);
      answer["observed"] = verdict.observed;
      answer["expected"] = verdict.expected;
    }
    return answer;
  });
}

}  // namespace sightline::accuracy
