// SPDX-License-Identifier: Apache-2.0
#include "live/signs.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "live/sign_text.h"
#include "model/saturating.h"

namespace sightline::live {
namespace {

bool IsCall(model::SpanKind kind) {
  return kind == model::SpanKind::kTool || kind == model::SpanKind::kLlm;
}

Call CallOf(const StepFacts& facts) {
  return {.span_id = facts.span_id,
          .name = ShortName(facts.step_name),
          .identity = base::HashBytes64(facts.step_name, facts.arguments_hash),
          .tool_call_id = facts.tool_call_id,
          .start_ns = facts.start_ns,
          .end_ns = facts.end_ns,
          .is_tool = facts.kind == model::SpanKind::kTool,
          .has_arguments = facts.arguments_hash != 0};
}

}  // namespace

std::string_view SignKindName(SignKind kind) {
  switch (kind) {
    case SignKind::kStepOverdue:
      return "step_overdue";
    case SignKind::kSilent:
      return "silent";
    case SignKind::kRepeatedCall:
      return "repeated_call";
    case SignKind::kCallCycle:
      return "call_cycle";
    case SignKind::kTokenSurge:
      return "token_surge";
    case SignKind::kCostSurge:
      return "cost_surge";
  }
  return "";
}

// Holds what is found against what was active before. A message is made only for what is new.
class RunSigns::Findings {
 public:
  Findings(std::int64_t now_ns, std::vector<ActiveSign>& active)
      : now_ns_(now_ns), active_(active), still_holds_(active.size(), false) {}

  std::int64_t now_ns() const { return now_ns_; }

  bool WasActive(SignKind kind) const {
    return std::any_of(active_.begin(), active_.end(),
                       [&](const ActiveSign& active) { return active.sign.kind == kind; });
  }

  template <typename MakeMessage>
  void Add(SignKind kind, std::uint64_t subject, const model::SpanId& span_id,
           MakeMessage&& make_message) {
    for (std::size_t i = 0; i < still_holds_.size(); ++i) {
      if (active_[i].sign.kind == kind && active_[i].subject == subject) {
        still_holds_[i] = true;
        return;
      }
    }
    raised_.push_back({.sign = {.kind = kind,
                                .span_id = span_id,
                                .raised_ns = now_ns_,
                                .message = make_message()},
                       .subject = subject});
  }

  // What was active of a kind still holds.
  void Keep(SignKind kind) {
    for (std::size_t i = 0; i < still_holds_.size(); ++i) {
      still_holds_[i] = still_holds_[i] || active_[i].sign.kind == kind;
    }
  }

  // Moves on to what holds now.
  Changes Finish() {
    Changes changes;
    std::vector<ActiveSign> active;
    for (std::size_t i = 0; i < still_holds_.size(); ++i) {
      if (still_holds_[i]) {
        active.push_back(std::move(active_[i]));
      } else {
        changes.cleared.push_back(std::move(active_[i].sign));
      }
    }
    for (ActiveSign& raised : raised_) {
      changes.raised.push_back(raised.sign);
      active.push_back(std::move(raised));
    }
    active_ = std::move(active);
    return changes;
  }

 private:
  std::int64_t now_ns_;
  std::vector<ActiveSign>& active_;
  std::vector<bool> still_holds_;
  std::vector<ActiveSign> raised_;
};

void RunSigns::OnStep(const StepFacts& facts) {
  const auto open = std::find_if(open_steps_.begin(), open_steps_.end(), [&](const OpenStep& step) {
    return step.span_id == facts.span_id;
  });
  if (facts.end_ns != 0) {
    if (open != open_steps_.end()) {
      open_steps_.erase(open);
    }
  } else if (open == open_steps_.end() && open_steps_.size() < kMaxOpenSteps) {
    open_steps_.push_back({.span_id = facts.span_id,
                           .start_ns = facts.start_ns,
                           .name_hash = UsualBehaviour::HashOf(facts.step_name),
                           .name = ShortName(facts.step_name)});
  }
  if (IsCall(facts.kind)) {
    calls_.Add(CallOf(facts));
    has_new_calls_ = true;
  }
}

void RunSigns::OnRun(const RunFacts& facts) {
  run_ = facts;
  run_.workflow = {};
  workflow_ = ShortName(facts.workflow);
  workflow_hash_ = UsualBehaviour::HashOf(facts.workflow);
}

RunSigns::Changes RunSigns::Evaluate(std::int64_t now_ns, const UsualBehaviour& usual) {
  Findings findings(now_ns, active_);
  if (!run_.is_over) {
    FindOverdueSteps(findings, usual);
    FindSilence(findings);
    FindSurges(findings, usual);
    if (has_new_calls_) {
      FindRepeatedCalls(findings);
      FindCallCycle(findings);
    } else {
      findings.Keep(SignKind::kRepeatedCall);
      findings.Keep(SignKind::kCallCycle);
    }
  }
  has_new_calls_ = run_.is_over;  // Should it re-open, they are looked for again.
  Changes changes = findings.Finish();
  for (const Sign& sign : changes.raised) {
    has_raised_token_surge_ = has_raised_token_surge_ || sign.kind == SignKind::kTokenSurge;
    has_raised_cost_surge_ = has_raised_cost_surge_ || sign.kind == SignKind::kCostSurge;
  }
  return changes;
}

std::vector<Sign> RunSigns::active() const {
  std::vector<Sign> signs;
  signs.reserve(active_.size());
  for (const ActiveSign& active : active_) {
    signs.push_back(active.sign);
  }
  return signs;
}

void RunSigns::FindOverdueSteps(Findings& findings, const UsualBehaviour& usual) const {
  for (const OpenStep& step : open_steps_) {
    const std::int64_t open_ns = model::SaturatingSubtract(findings.now_ns(), step.start_ns);
    if (open_ns <= options_->overdue_floor_ns) {
      continue;
    }
    const model::Sketch* latency = usual.FindStep(step.name_hash);
    if (latency == nullptr || latency->count() < options_->overdue_min_samples) {
      continue;
    }
    const std::int64_t usual_ns = latency->Quantile(options_->overdue_quantile);
    // The quantile may be that much too low.
    if (static_cast<double>(open_ns) >
        static_cast<double>(usual_ns) * (1 + model::Sketch::kRelativeError)) {
      findings.Add(SignKind::kStepOverdue, step.span_id.word(), step.span_id, [&] {
        return OverdueText(step.name, open_ns, options_->overdue_quantile, latency->count(),
                           usual_ns);
      });
    }
  }
}

void RunSigns::FindSilence(Findings& findings) const {
  const std::int64_t silent_ns = model::SaturatingSubtract(findings.now_ns(), run_.last_seen_ns);
  if (silent_ns < options_->silent_after_ns || (open_steps_.empty() && run_.has_root)) {
    return;
  }
  const auto longest = std::min_element(
      open_steps_.begin(), open_steps_.end(),
      [](const OpenStep& a, const OpenStep& b) { return a.start_ns < b.start_ns; });
  const OpenStep none;
  const OpenStep& step = longest == open_steps_.end() ? none : *longest;
  findings.Add(SignKind::kSilent, 0, step.span_id,
               [&] { return SilentText(silent_ns, open_steps_.size(), step.name); });
}

void RunSigns::FindRepeatedCalls(Findings& findings) const {
  for (const CallSequence::Repetition& repetition :
       calls_.FindRepetitions(options_->repeated_times, options_->repeated_within)) {
    findings.Add(SignKind::kRepeatedCall, repetition.last->identity, repetition.last->span_id,
                 [&] { return RepeatedText(repetition); });
  }
}

void RunSigns::FindCallCycle(Findings& findings) const {
  const auto cycle = calls_.FindCycle(options_->cycle_max_length, options_->cycle_rounds);
  if (cycle) {
    findings.Add(SignKind::kCallCycle, 0, cycle->calls.back()->span_id,
                 [&] { return CycleText(*cycle); });
  }
}

void RunSigns::FindSurges(Findings& findings, const UsualBehaviour& usual) const {
  const UsualBehaviour::Workflow* workflow = usual.FindWorkflow(workflow_hash_);
  if (workflow == nullptr) {
    return;
  }
  const auto check = [&](SignKind kind, std::int64_t amount, const RecentMedian& earlier,
                         std::int64_t floor, auto&& text_of) {
    const auto usual_amount = static_cast<double>(earlier.median());
    if (amount < floor || earlier.count() < options_->surge_min_runs ||
        static_cast<double>(amount) <= options_->surge_factor * usual_amount) {
      return;
    }
    const double times = usual_amount > 0 ? static_cast<double>(amount) / usual_amount : 0;
    findings.Add(kind, 0, {}, [&] {
      return SurgeText(text_of(amount), times, earlier.count(), workflow_,
                       text_of(earlier.median()));
    });
  };
  if (!has_raised_token_surge_ || findings.WasActive(SignKind::kTokenSurge)) {
    const std::int64_t duration_ns = model::SaturatingSubtract(findings.now_ns(), run_.start_ns);
    check(SignKind::kTokenSurge, UsualBehaviour::TokensPerMinute(run_.tokens, duration_ns),
          workflow->tokens_per_minute, options_->surge_floor_tokens_per_minute,
          [](std::int64_t tokens) { return NumberText(tokens) + " tokens a minute"; });
  }
  if (!has_raised_cost_surge_ || findings.WasActive(SignKind::kCostSurge)) {
    check(SignKind::kCostSurge, run_.cost_picodollars, workflow->cost_picodollars,
          options_->surge_floor_picodollars, DollarsText);
  }
}

}  // namespace sightline::live
