// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/weights.h"

namespace sightline::analytics::blame {

const std::array<double, kQuestionCount> kWeights = {
    -0.255,  // is_first
    -0.147,  // is_early
    -0.329,  // progress
    -0.179,  // is_last
    -0.059,  // is_person
    -0.228,  // is_thought
    -0.321,  // is_delegation
    2.161,   // changes
    0.674,   // executes
    0.128,   // has_last_word
    -0.411,  // requests
    0.837,   // by_hand
    0.725,   // corrects
    0.579,   // concludes
    0.448,   // reports_done
    0.342,   // plans
    -0.368,  // complains
    0.792,   // refuses
    3.169,   // breaks_down
    -0.345,  // is_short
    0.431,   // gives_answer
    0.738,   // then_failed
    0.447,   // then_empty
    0.168,   // unchecked_numbers
    0.206,   // nobody_after
    0.802,   // next_complains
    0.064,   // next_corrects
    1.022,   // next_agrees
    -0.593,  // next_requests
    0.531,   // was_asked
    -0.437,  // after_agreement
    -0.075,  // repeats
    -0.510,  // is_repeated
    -0.544,  // told_again
    1.059,   // does_what_was_told
};

}  // namespace sightline::analytics::blame
