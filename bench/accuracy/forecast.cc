// SPDX-License-Identifier: Apache-2.0
// Task `forecast`: every line is a series, the answer is its continuation with bands.
#include "analytics/forecast/forecast.h"

#include <cstddef>
#include <cstdint>
#include <istream>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "accuracy/tasks.h"

namespace sightline::accuracy {
namespace {

namespace json = boost::json;

std::vector<double> NumbersOf(const json::value& value) {
  std::vector<double> numbers;
  for (const json::value& item : value.as_array()) {
    numbers.push_back(item.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                     : item.to_number<double>());
  }
  return numbers;
}

json::array ArrayOf(const std::vector<double>& numbers) {
  return json::array(numbers.begin(), numbers.end());
}

json::object AnswerOf(const json::object& line) {
  const std::vector<double> values = NumbersOf(line.at("values"));
  analytics::ForecastRequest request{
      .values = values,
      .step_seconds = line.at("step_seconds").to_number<std::int64_t>(),
      .horizon = line.at("horizon").to_number<std::size_t>()};
  if (line.contains("levels")) {
    request.levels = NumbersOf(line.at("levels"));
  }
  const analytics::Forecast forecast = analytics::MakeForecast(request);
  json::array intervals;
  for (const analytics::ForecastBand& band : forecast.bands) {
    intervals.push_back(json::object{
        {"level", band.level}, {"lower", ArrayOf(band.lower)}, {"upper", ArrayOf(band.upper)}});
  }
  return {{"id", line.at("id")}, {"mean", ArrayOf(forecast.mean)}, {"intervals", intervals}};
}

}  // namespace

void AnswerForecast(std::istream& in, std::ostream& out) {
  std::string line;
  while (std::getline(in, line)) {
    if (!line.empty()) {
      out << json::serialize(AnswerOf(json::parse(line).as_object())) << '\n';
    }
  }
}

}  // namespace sightline::accuracy
