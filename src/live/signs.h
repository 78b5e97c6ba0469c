// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "live/call_sequence.h"
#include "live/usual_behaviour.h"
#include "model/ids.h"
#include "model/kinds.h"

namespace sightline::live {

enum class SignKind : std::uint8_t {
  kStepOverdue,   // A step is open for longer than 99 % of its like took.
  kSilent,        // Nothing has come for a while, and more is to come.
  kRepeatedCall,  // The same tool with the same arguments, again and again.
  kCallCycle,     // The last calls are a few calls that repeat.
  kTokenSurge,    // Far more tokens a minute than runs of the workflow usually use.
  kCostSurge,     // A far higher cost.
};

inline constexpr std::size_t kSignKinds = 6;

// "step_overdue", "silent", "repeated_call", "call_cycle", "token_surge", "cost_surge".
std::string_view SignKindName(SignKind kind);

// Something about a run that a person may want to look at while it goes on.
//
// Thread: value.
struct Sign {
  SignKind kind = SignKind::kStepOverdue;
  model::SpanId span_id;  // The step in question; zero: the whole run.
  std::int64_t raised_ns = 0;
  std::string message;  // One sentence with the figures of that moment.
};

struct SignOptions {
  // Fewer samples say little about the slowest hundredth.
  std::int64_t overdue_min_samples = 20;
  double overdue_quantile = 0.99;
  // Nobody can act on less.
  std::int64_t overdue_floor_ns = 1'000'000'000;

  // Longer than nearly all model calls; well below the idle limit, where the run is given up.
  std::int64_t silent_after_ns = 60'000'000'000;

  // Twice is a retry. Agents that are stuck try other things in between, so the calls need not
  // follow each other. At most CallSequence::kMaxCalls.
  std::size_t repeated_times = 3;
  std::size_t repeated_within = 20;

  // Five rounds are more than any plan of a few steps that is meant to be run again. Their product
  // must not be more than CallSequence::kMaxCalls.
  std::size_t cycle_max_length = 5;
  std::size_t cycle_rounds = 5;

  // Against the median of earlier runs of the workflow. Runs of one workflow easily differ by two
  // or three, and what costs next to nothing may vary as it likes.
  double surge_factor = 5;
  std::size_t surge_min_runs = 5;
  std::int64_t surge_floor_tokens_per_minute = 20'000;
  std::int64_t surge_floor_picodollars = 100'000'000'000;
};

// What signs need to know of one step.
//
// Thread: value. Texts are read during the call only.
struct StepFacts {
  model::SpanId span_id;
  std::string_view step_name;  // As it is given to UsualBehaviour.
  model::SpanKind kind = model::SpanKind::kOther;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;           // 0: still open.
  std::uint64_t arguments_hash = 0;  // 0: not known.
  std::uint64_t tool_call_id = 0;    // Hash; 0: none.
};

// What signs need to know of the run as a whole.
//
// Thread: value. Texts are read during the call only.
struct RunFacts {
  static constexpr std::int64_t kUnknown = -1;

  std::string_view workflow;  // As it is given to UsualBehaviour.
  std::int64_t start_ns = 0;
  std::int64_t last_seen_ns = 0;  // When something of it arrived last.
  bool has_root = false;          // The root is there, open or ended.
  bool is_over = false;
  std::int64_t tokens = kUnknown;
  std::int64_t cost_picodollars = kUnknown;
};

// The signs of trouble of one run, by fixed rules over what has arrived so far: they cost no model
// call and forecast nothing. A run that is over has none.
//
// Thread: the live thread. Memory: some hundred bytes, 5 KB for a run of many calls, and 100 bytes
// an open step. Options must outlive it.
class RunSigns {
 public:
  // Open steps further than that are not watched.
  static constexpr std::size_t kMaxOpenSteps = 256;

  explicit RunSigns(const SignOptions& options) : options_(&options) {}

  // A step that has started or ended, in any order, repeats allowed; only a step that has ended
  // must not be reported as open afterwards.
  void OnStep(const StepFacts& facts);

  // The state of the run, as often as it changes.
  void OnRun(const RunFacts& facts);

  struct Changes {
    std::vector<Sign> raised;
    std::vector<Sign> cleared;
  };

  // What has come up and what no longer holds since the last call. To be called from time to time,
  // too: some signs come from nothing happening. Surges are raised once in a run, the others again
  // when they come again. Cost: well below a microsecond, some 5 after a call if there were many.
  Changes Evaluate(std::int64_t now_ns, const UsualBehaviour& usual);

  // What holds as of the last Evaluate, oldest first.
  std::vector<Sign> active() const;

  // True as long as no sign holds and none was raised that must not be raised again.
  bool is_quiet() const {
    return active_.empty() && !has_raised_token_surge_ && !has_raised_cost_surge_;
  }

 private:
  struct OpenStep {
    model::SpanId span_id;
    std::int64_t start_ns = 0;
    std::uint64_t name_hash = 0;
    std::string name;
  };

  struct ActiveSign {
    Sign sign;
    std::uint64_t subject = 0;  // Which step or which call, where there may be several.
  };

  // One Evaluate: which signs hold.
  class Findings;

  void FindOverdueSteps(Findings& findings, const UsualBehaviour& usual) const;
  void FindSilence(Findings& findings) const;
  void FindRepeatedCalls(Findings& findings) const;
  void FindCallCycle(Findings& findings) const;
  void FindSurges(Findings& findings, const UsualBehaviour& usual) const;

  const SignOptions* options_;
  CallSequence calls_;
  std::vector<OpenStep> open_steps_;
  std::vector<ActiveSign> active_;
  std::string workflow_;
  std::uint64_t workflow_hash_ = 0;
  RunFacts run_;                // Without texts.
  bool has_new_calls_ = false;  // Since the last Evaluate.
  bool has_raised_token_surge_ = false;
  bool has_raised_cost_surge_ = false;
};

}  // namespace sightline::live
