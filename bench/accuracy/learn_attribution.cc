// SPDX-License-Identifier: Apache-2.0
// Learns the weights of analytics/blame from failed runs whose culprit is known:
//   sightline_learn_attribution INPUT.jsonl TRUTH.jsonl [ridge [agent_share]]
// Lines as those of the task `attribution`. Prints, on standard error, how often the agent and the
// step are right in each family: with weights learnt without any run of the same task (this is what
// to expect of new runs), with weights learnt from a random half, and with all runs (what was
// fitted). Prints the table of src/analytics/blame/weights.cc on standard output.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "accuracy/attribution_input.h"
#include "accuracy/choice_model.h"
#include "analytics/blame/step_features.h"
#include "analytics/blame/step_role.h"

namespace sightline::accuracy {
namespace {

namespace blame = analytics::blame;
namespace json = boost::json;

struct Example {
  std::string family;
  std::string task;  // Runs of one task are learnt from and judged apart.
  std::string agent;
  std::size_t step = 0;
  std::vector<std::string> agents;  // Of the candidates.
  std::vector<std::size_t> steps;
  Choice choice;
  bool is_possible = false;  // The right step is a candidate.
};

struct Tally {
  double runs = 0;
  double agent = 0;
  double step = 0;
  double top3 = 0;
  double claimed = 0;  // Sum of the probabilities given to the named steps.
  double log_likelihood = 0;
};

using Tallies = std::map<std::string, Tally>;
using Weights = std::vector<double>;

std::vector<Example> ReadExamples(const char* input_path, const char* truth_path) {
  std::map<std::string, json::object> truths;
  std::ifstream truth_file(truth_path);
  for (std::string line; std::getline(truth_file, line);) {
    const json::object truth = json::parse(line).as_object();
    truths[TextOf(truth, "id")] = truth;
  }
  std::vector<Example> examples;
  std::ifstream input_file(input_path);
  for (std::string line; std::getline(input_file, line);) {
    const json::value parsed = json::parse(line);
    const AttributionInput input = ReadAttributionInput(parsed.as_object());
    const json::object& truth = truths.at(input.id);
    Example& out = examples.emplace_back();
    out.family = TextOf(truth, "family");
    out.task = input.run.task.empty() ? input.id : input.run.task;
    out.agent = blame::SpeakerKey(TextOf(truth, "agent"));
    out.step = truth.at("step").to_number<std::size_t>();
    for (const blame::Candidate& candidate : blame::DescribeSteps(input.run)) {
      if (candidate.step == out.step) {
        out.choice.right = out.steps.size();
        out.is_possible = true;
      }
      out.steps.push_back(candidate.step);
      out.agents.push_back(blame::SpeakerKey(input.run.steps[candidate.step].agent));
      out.choice.of_culprit.push_back(out.agents.back() == out.agent);
      Weights& values = out.choice.options.emplace_back();
      for (const blame::Answer& answer : candidate.answers) {
        values.push_back(answer.value);
      }
    }
  }
  return examples;
}

// Makes one penalty fit all questions: divides each by its usual spread inside a run.
Weights Standardise(std::vector<Example>& examples) {
  Weights spread(blame::kQuestionCount, 0);
  for (const Example& example : examples) {
    const double count = static_cast<double>(example.choice.options.size());
    for (std::size_t f = 0; f < spread.size(); ++f) {
      double sum = 0;
      double squares = 0;
      for (const Weights& option : example.choice.options) {
        sum += option[f];
        squares += option[f] * option[f];
      }
      spread[f] += count > 0 ? std::max(0.0, squares / count - sum * sum / count / count) : 0;
    }
  }
  for (double& value : spread) {
    value = std::max(1e-6, std::sqrt(value / static_cast<double>(examples.size())));
  }
  for (Example& example : examples) {
    for (Weights& option : example.choice.options) {
      for (std::size_t f = 0; f < spread.size(); ++f) {
        option[f] /= spread[f];
      }
    }
  }
  return spread;
}

void Judge(const Example& example, const Weights& weights, Tallies& tallies) {
  Tally& tally = tallies[example.family];
  tally.runs += 1;
  if (example.steps.empty()) {
    return;
  }
  const Weights probabilities = ProbabilitiesOf(example.choice, weights);
  std::map<std::string, double> agents;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    agents[example.agents[i]] += probabilities[i];
    order.push_back(i);
  }
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return probabilities[i]; });
  const auto agent = std::ranges::max_element(
      agents, {}, [](const std::pair<const std::string, double>& entry) { return entry.second; });
  tally.agent += agent->first == example.agent ? 1 : 0;
  tally.step += example.steps[order.front()] == example.step ? 1 : 0;
  tally.claimed += probabilities[order.front()];
  for (std::size_t k = 0; k < std::min<std::size_t>(3, order.size()); ++k) {
    tally.top3 += example.steps[order[k]] == example.step ? 1 : 0;
  }
  tally.log_likelihood += example.is_possible ? std::log(probabilities[example.choice.right]) : 0;
}

template <typename Keep>
Weights LearnFrom(const std::vector<Example>& examples, const LearnOptions& options, Keep keep) {
  std::vector<const Choice*> choices;
  for (const Example& example : examples) {
    if (example.is_possible && keep(example)) {
      choices.push_back(&example.choice);
    }
  }
  return Learn(choices, options, Weights(blame::kQuestionCount, 0));
}

Tallies JudgeLeftOut(const std::vector<Example>& examples, const LearnOptions& options) {
  Tallies tallies;
  std::map<std::string, std::vector<const Example*>> tasks;
  for (const Example& example : examples) {
    tasks[example.task].push_back(&example);
  }
  for (const auto& [task, held_out] : tasks) {
    const Weights weights =
        LearnFrom(examples, options, [&](const Example& example) { return example.task != task; });
    for (const Example* example : held_out) {
      Judge(*example, weights, tallies);
    }
  }
  return tallies;
}

// Learns from half of the tasks and judges the other half, many times.
Tallies JudgeHalves(const std::vector<Example>& examples, const LearnOptions& options) {
  constexpr int kRounds = 20;
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same halves each time.
  Tallies tallies;
  for (int round = 0; round < kRounds; ++round) {
    std::map<std::string, bool> is_learnt;
    for (const Example& example : examples) {
      is_learnt.try_emplace(example.task, (random() & 1U) != 0);
    }
    const Weights weights = LearnFrom(
        examples, options, [&](const Example& example) { return is_learnt.at(example.task); });
    for (const Example& example : examples) {
      if (!is_learnt.at(example.task)) {
        Judge(example, weights, tallies);
      }
    }
  }
  return tallies;
}

void Print(const char* title, const Tallies& tallies) {
  for (const auto& [family, tally] : tallies) {
    std::fprintf(stderr,
                 "%-10s %-12s agent %.3f  step %.3f (claimed %.3f)  top 3 %.3f  "
                 "log-likelihood %.3f\n",
                 title, family.c_str(), tally.agent / tally.runs, tally.step / tally.runs,
                 tally.claimed / tally.runs, tally.top3 / tally.runs,
                 tally.log_likelihood / tally.runs);
  }
}

void Run(const char* input, const char* truth, const LearnOptions& options) {
  std::vector<Example> examples = ReadExamples(input, truth);
  const Weights spread = Standardise(examples);
  const Weights weights = LearnFrom(examples, options, [](const Example&) { return true; });
  Tallies fitted;
  for (const Example& example : examples) {
    Judge(example, weights, fitted);
  }
  Print("left out", JudgeLeftOut(examples, options));
  Print("half", JudgeHalves(examples, options));
  Print("fitted", fitted);
  for (std::size_t f = 0; f < weights.size(); ++f) {
    const std::string name(blame::NameOf(static_cast<blame::Question>(f)));
    std::printf("    %.3f,%*s// %s\n", weights[f] / spread[f], weights[f] < 0 ? 2 : 3, "",
                name.c_str());
  }
}

}  // namespace
}  // namespace sightline::accuracy

int main(int argc, char** argv) {
  if (argc < 3 || argc > 5) {
    std::fprintf(stderr, "usage: sightline_learn_attribution INPUT TRUTH [ridge [agent_share]]\n");
    return 2;
  }
  sightline::accuracy::LearnOptions options;
  options.ridge = argc > 3 ? std::atof(argv[3]) : options.ridge;
  options.agent_share = argc > 4 ? std::atof(argv[4]) : options.agent_share;
  try {
    sightline::accuracy::Run(argv[1], argv[2], options);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sightline_learn_attribution: %s\n", error.what());
    return 1;
  }
}
