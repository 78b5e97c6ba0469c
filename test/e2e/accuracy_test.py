# SPDX-License-Identifier: Apache-2.0
"""The answers over many runs are as right as docs/accuracy.md says, scored by programs that know the truth.

These and their data lie beside the checkout; without them the test is skipped."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from support.server import BINARY

SCORER = Path(__file__).resolve().parents[3] / "shared" / "accuracy" / "run.py"
PROGRAM = Path(BINARY).with_name("bench") / "sightline_accuracy"
# Forecasts and anomalies take minutes.
TASKS = ("groups", "critical-path", "attribution", "diff", "differs")


@unittest.skipUnless(SCORER.exists(), "the scorers are not there")
@unittest.skipUnless(PROGRAM.exists(), "sightline_accuracy is not built")
class AccuracyTest(unittest.TestCase):
    scores: dict[str, Any] = {}

    @classmethod
    def setUpClass(cls) -> None:
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            tasks = [part for task in TASKS for part in ("--task", task)]
            subprocess.run(
                [sys.executable, str(SCORER), *tasks, "--json", file.name, str(PROGRAM)],
                check=True,
                stdout=subprocess.DEVNULL,
                timeout=300,
            )
            results = json.loads(Path(file.name).read_text())
        cls.scores = {result["task"]: result for result in results}

    def score_of(self, task: str) -> Any:
        result = self.scores[task]
        self.assertNotIn("error", result)
        return result["score"]

    def test_messages_of_one_problem_are_one_group(self) -> None:
        score = self.score_of("groups")
        self.assertGreaterEqual(score["GA"], 0.90)
        self.assertGreaterEqual(score["FGA"], 0.70)
        self.assertEqual(self.scores["groups"]["look_ahead"], "none")

    def test_every_critical_path_is_exact(self) -> None:
        scores = self.score_of("critical-path")
        self.assertGreaterEqual(scores.keys(), {"crisp", "jaeger", "generated"})
        for source, score in scores.items():
            self.assertEqual(score["exact"], score["cases"], source)

    def test_the_agent_and_the_step_to_blame_are_found(self) -> None:
        least = {"algorithm": (0.60, 0.30), "hand": (0.62, 0.16)}
        for family, (agent, step) in least.items():
            score = self.score_of("attribution")[family]
            self.assertGreaterEqual(score["agent"], agent, family)
            self.assertGreaterEqual(score["step"], step, family)

    def test_planted_edits_are_found_and_no_others(self) -> None:
        score = self.score_of("diff")
        self.assertGreaterEqual(score["edits"]["precision"], 0.95)
        self.assertGreaterEqual(score["edits"]["recall"], 0.95)
        self.assertLessEqual(score["clean_false_edits"], 0.05)

    def test_planted_causes_are_found_and_no_others(self) -> None:
        score = self.score_of("differs")
        self.assertGreaterEqual(score["precision_at_1"], 0.95)
        self.assertGreaterEqual(score["recall_at_3"], 0.95)
        self.assertLessEqual(score["wrong_share"], 0.05)
        self.assertLessEqual(score["false_alarm"], 0.05)


if __name__ == "__main__":
    unittest.main()
