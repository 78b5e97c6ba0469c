// SPDX-License-Identifier: Apache-2.0
// A conditional logit: of the options of a choice one was right, and the weights are those that
// make the right ones likely, held near 0 by a quadratic penalty. Newton's method; the sum it
// climbs is concave for agent_share 0.
#pragma once

#include <cstddef>
#include <vector>

namespace sightline::accuracy {

// Thread: value.
struct Choice {
  std::vector<std::vector<double>> options;  // What is known of each, all of one length.
  std::vector<bool> of_culprit;              // Parallel: the option belongs to the right agent.
  std::size_t right = 0;
};

struct LearnOptions {
  double ridge = 50;         // Of the penalty, on weights of standardised values.
  double agent_share = 0.3;  // How much of each choice asks for the agent instead of the step.
};

// Probabilities of the options under the weights; they sum to 1.
std::vector<double> ProbabilitiesOf(const Choice& choice, const std::vector<double>& weights);

// Starts from `weights`, which are of the length of the options.
std::vector<double> Learn(const std::vector<const Choice*>& choices, const LearnOptions& options,
                          std::vector<double> weights);

}  // namespace sightline::accuracy
