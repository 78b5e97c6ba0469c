// SPDX-License-Identifier: Apache-2.0
#include "accuracy/choice_model.h"

#include <algorithm>
#include <cmath>

namespace sightline::accuracy {
namespace {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;

constexpr int kMostSteps = 20;
constexpr double kConverged = 1e-7;
constexpr double kNegligible = 1e-6;  // Options less likely than this do not bend the sum.

double Dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

// What the probabilities should be: the right step, mixed with the present ones of the right agent.
Vector TargetOf(const Choice& choice, const Vector& probabilities, double agent_share) {
  double of_agent = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    of_agent += choice.of_culprit[i] ? probabilities[i] : 0;
  }
  Vector target(probabilities.size(), 0);
  for (std::size_t i = 0; i < target.size(); ++i) {
    target[i] =
        choice.of_culprit[i] && of_agent > 0 ? agent_share * probabilities[i] / of_agent : 0;
  }
  target[choice.right] += of_agent > 0 ? 1 - agent_share : 1;
  return target;
}

void AddChoice(const Choice& choice, const Vector& weights, double agent_share, Vector& gradient,
               Matrix& curvature) {
  const Vector probabilities = ProbabilitiesOf(choice, weights);
  const Vector target = TargetOf(choice, probabilities, agent_share);
  Vector mean(weights.size(), 0);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    for (std::size_t f = 0; f < weights.size(); ++f) {
      mean[f] += probabilities[i] * choice.options[i][f];
      gradient[f] += (target[i] - probabilities[i]) * choice.options[i][f];
    }
  }
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] < kNegligible) {
      continue;
    }
    for (std::size_t f = 0; f < weights.size(); ++f) {
      const double off = probabilities[i] * (choice.options[i][f] - mean[f]);
      for (std::size_t g = 0; g <= f; ++g) {
        curvature[f][g] += off * (choice.options[i][g] - mean[g]);
      }
    }
  }
}

// Cholesky; the lower half of `matrix` is positive definite and gets overwritten.
Vector Solve(Matrix matrix, Vector right) {
  const std::size_t size = right.size();
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) {
        sum -= matrix[i][k] * matrix[j][k];
      }
      matrix[i][j] = i == j ? std::sqrt(sum) : sum / matrix[j][j];
    }
    for (std::size_t k = 0; k < i; ++k) {
      right[i] -= matrix[i][k] * right[k];
    }
    right[i] /= matrix[i][i];
  }
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t k = i + 1; k < size; ++k) {
      right[i] -= matrix[k][i] * right[k];
    }
    right[i] /= matrix[i][i];
  }
  return right;
}

}  // namespace

Vector ProbabilitiesOf(const Choice& choice, const Vector& weights) {
  Vector values;
  for (const Vector& option : choice.options) {
    values.push_back(Dot(option, weights));
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

Vector Learn(const std::vector<const Choice*>& choices, const LearnOptions& options,
             Vector weights) {
  for (int step = 0; step < kMostSteps; ++step) {
    Vector gradient(weights.size(), 0);
    Matrix curvature(weights.size(), Vector(weights.size(), 0));
    for (std::size_t f = 0; f < weights.size(); ++f) {
      gradient[f] = -options.ridge * weights[f];
      curvature[f][f] = options.ridge;
    }
    for (const Choice* choice : choices) {
      AddChoice(*choice, weights, options.agent_share, gradient, curvature);
    }
    const Vector change = Solve(std::move(curvature), std::move(gradient));
    for (std::size_t f = 0; f < weights.size(); ++f) {
      weights[f] += change[f];
    }
    if (Dot(change, change) < kConverged) {
      break;
    }
  }
  return weights;
}

}  // namespace sightline::accuracy
