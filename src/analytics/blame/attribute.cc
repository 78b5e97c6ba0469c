// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/attribute.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "analytics/blame/reasons.h"
#include "analytics/blame/step_features.h"
#include "analytics/blame/step_role.h"
#include "analytics/blame/weights.h"

namespace sightline::analytics::blame {
namespace {

using Answers = std::array<double, kQuestionCount>;

// An answer that makes a step less than a tenth more likely is no reason.
constexpr double kLeastReason = 0.1;

double ScoreOf(const Candidate& candidate) {
  double score = 0;
  for (std::size_t question = 0; question < kQuestionCount; ++question) {
    score += kWeights[question] * candidate.answers[question].value;
  }
  return score;
}

std::vector<double> ProbabilitiesOf(const std::vector<Candidate>& candidates) {
  std::vector<double> values;
  for (const Candidate& candidate : candidates) {
    values.push_back(ScoreOf(candidate));
  }
  const double highest = *std::ranges::max_element(values);
  double sum = 0;
  for (double& value : values) {
    value = std::exp(value - highest);
    sum += value;
  }
  for (double& value : values) {
    value /= sum;
  }
  return values;
}

Answers MeanAnswers(const std::vector<Candidate>& candidates) {
  Answers mean{};
  for (const Candidate& candidate : candidates) {
    for (std::size_t question = 0; question < kQuestionCount; ++question) {
      mean[question] += candidate.answers[question].value / static_cast<double>(candidates.size());
    }
  }
  return mean;
}

// What sets the candidate apart from the others of its run.
std::vector<std::string> ReasonsFor(const Candidate& candidate, const Answers& mean,
                                    const RecordedRun& run, std::size_t max_reasons) {
  std::vector<std::pair<double, std::size_t>> shares;
  for (std::size_t question = 0; question < kQuestionCount; ++question) {
    const double share = kWeights[question] * (candidate.answers[question].value - mean[question]);
    if (kWeights[question] > 0 && share >= kLeastReason) {
      shares.emplace_back(share, question);
    }
  }
  std::ranges::stable_sort(shares, std::ranges::greater{}, &std::pair<double, std::size_t>::first);
  std::vector<std::string> reasons;
  for (const auto& [share, question] : shares) {
    std::string reason = ReasonFor(static_cast<Question>(question), candidate, run);
    if (!reason.empty() && reasons.size() < max_reasons) {
      reasons.push_back(std::move(reason));
    }
  }
  return reasons;
}

std::vector<SuspectedAgent> RankAgents(const RecordedRun& run,
                                       const std::vector<Candidate>& candidates,
                                       const std::vector<double>& probabilities) {
  std::vector<SuspectedAgent> agents;
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string& name = run.steps[candidates[i].step].agent;
    const auto [place, is_new] = places.try_emplace(SpeakerKey(name), agents.size());
    if (is_new) {
      agents.push_back({.agent = name, .probability = 0});
    }
    agents[place->second].probability += probabilities[i];
  }
  std::ranges::stable_sort(agents, std::ranges::greater{}, &SuspectedAgent::probability);
  return agents;
}

void NameStep(std::size_t candidates, double least_lift, Attribution& out) {
  const SuspectedStep& likeliest = out.steps.front();
  if (candidates == 1 || likeliest.probability * static_cast<double>(candidates) >= least_lift) {
    out.step = likeliest.step;
  } else {
    out.unknown_because = "no step stands out from the others";
  }
}

void NameAgent(double least_lead, Attribution& out) {
  const SuspectedAgent& likeliest = out.agents.front();
  if (likeliest.agent.empty()) {
    out.unknown_because = "the likeliest steps do not name their agent";
  } else if (out.agents.size() == 1 ||
             likeliest.probability >= least_lead * out.agents[1].probability) {
    out.agent = likeliest.agent;
  } else {
    out.unknown_because = "two agents are as likely as each other";
  }
}

}  // namespace

Attribution Attribute(const RecordedRun& run, const AttributionOptions& options) {
  Attribution out;
  const std::vector<Candidate> candidates = DescribeSteps(run);
  if (candidates.empty()) {
    out.unknown_because = "the run records no step of an agent";
    return out;
  }
  const std::vector<double> probabilities = ProbabilitiesOf(candidates);
  const Answers mean = MeanAnswers(candidates);
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return probabilities[i]; });
  order.resize(std::min(order.size(), std::max<std::size_t>(options.max_steps, 1)));
  for (const std::size_t i : order) {
    out.steps.push_back({.step = candidates[i].step,
                         .agent = run.steps[candidates[i].step].agent,
                         .probability = probabilities[i],
                         .reasons = ReasonsFor(candidates[i], mean, run, options.max_reasons)});
  }
  out.agents = RankAgents(run, candidates, probabilities);
  NameStep(candidates.size(), options.least_lift, out);
  NameAgent(options.least_lead, out);
  return out;
}

}  // namespace sightline::analytics::blame
