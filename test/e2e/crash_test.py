# SPDX-License-Identifier: Apache-2.0
"""Kills the server in the middle of its work and proves that what it acknowledged is there once.

Each round starts the server on what the last crash left, checks the traces that were acknowledged
last, lets concurrent senders work, and kills with SIGKILL: at a random moment, right after a day
file was written to, or while it starts and replays. An epoch is 20 rounds on one data directory; at
its end everything is read back. CRASH_ROUNDS sets the rounds, CRASH_SEED repeats the choices.
"""

import dataclasses
import os
import random
import re
import shutil
import time
from pathlib import Path
from typing import Any

from support import cases
from support.server import Server, check, wait_until
from support.traffic import (
    SPANS_OF_LIFECYCLE_RUN, LifecycleTraffic, LogTraffic, MetricTraffic, PendingTraffic
)
from support.workload import Findings, Ledger, Workload, verify_lists, verify_traces

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "20"))
SEED = int(os.environ.get("CRASH_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
ROUNDS_PER_EPOCH = 20
VERIFIED_PER_ROUND = 30
DRAIN_SECONDS = 60


@dataclasses.dataclass
class Tally:
    rounds: int = 0
    kills: int = 0
    kills_at_start: int = 0
    acknowledged: int = 0
    others: int = 0  # Log records, metric points and lifecycle runs.
    findings: Findings = dataclasses.field(default_factory=Findings)


class Epoch:
    """Rounds on one data directory with settings of its own."""

    def __init__(self, directory: Path, rng: random.Random, tally: Tally):
        self._rng = rng
        self._tally = tally
        # Small, so that sealing and the change of segments happen all the time.
        self.server = Server(
            directory / "data",
            seal_rows=rng.choice((50, 300, 2000)),
            seal_seconds=1,
            journal_segment_bytes=rng.choice((64, 256, 4096)) << 10,
            disk_reserve_bytes=0,
        )
        self._copy = directory / "copy"
        self._more: list[Any] = []
        self._workload = Workload(rng.randrange(1 << 31), more=self._make_more)
        self._start_seconds = 0.3

    def _make_more(self, ledger: Ledger) -> list[Any]:
        def rng() -> random.Random:
            return random.Random(self._rng.random())

        self._lifecycle = LifecycleTraffic(rng(), self._rng.randrange(1 << 31))
        self._more = [LogTraffic(rng(), ledger), MetricTraffic(rng()), PendingTraffic(rng(), ledger), self._lifecycle]
        return self._more

    def run(self, rounds: int) -> None:
        try:
            for _ in range(rounds):
                self._start()
                self._verify_newest()
                self._work_and_kill()
                self._check_copy()
                self._kill_while_starting()
                self._tally.rounds += 1
            self._finish()
        finally:
            self._workload.stop()

    def _start(self) -> None:
        begin = time.monotonic()
        self.server.start()
        self._start_seconds = time.monotonic() - begin
        self._workload.attach(self.server)

    def _verify_newest(self) -> None:
        """The last acknowledged traces are those that a crash could have taken."""
        newest = self._workload.ledger.take_touched()[-VERIFIED_PER_ROUND:]
        self._tally.findings.add(verify_traces(self.server, newest))

    def _work_and_kill(self) -> None:
        way = self._rng.choice(("load", "load", "seal", "seal", "stop"))
        if way == "seal":
            self._wait_for_seal()
            time.sleep(self._rng.uniform(0, 0.03))
        else:
            time.sleep(self._rng.uniform(0.02, 0.6))
        if way == "stop":
            self.server.terminate()
            self._workload.detach()
            if (code := self.server.wait()) != 0:
                self._tally.findings.wrong.append(f"stopped with exit code {code}")
            return
        self._workload.detach()
        self.server.kill()
        self._tally.kills += 1

    def _wait_for_seal(self) -> None:
        """Until a file of a day changes: a seal is being written."""
        days = self.server.data_dir / "days"

        def sizes() -> list[tuple[str, int]]:
            try:
                return [(str(f), f.stat().st_size) for f in days.glob("*/*") if f.is_file()]
            except FileNotFoundError:
                return []

        before = sizes()
        wait_until(lambda: sizes() != before, 20, "a day folder is written to")

    def _kill_while_starting(self) -> None:
        for _ in range(self._rng.choice((0, 0, 1, 2))):
            self.server.spawn()
            time.sleep(self._rng.uniform(0, self._start_seconds))
            self.server.kill()
            self._tally.kills_at_start += 1

    def _check_copy(self) -> str:
        """`sightline check` on a copy: it must not do the recovery that a start has to do."""
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(self.server.data_dir, self._copy)
        is_clean, report = check(self._copy)
        if not is_clean:
            self._tally.findings.wrong.append(report)
        return report

    def _finish(self) -> None:
        """Everything gets acknowledged, then everything is read."""
        ledger = self._workload.ledger
        self._start()
        self._workload.drain(DRAIN_SECONDS)
        self._tally.findings.wrong += self._workload.problems
        findings = verify_traces(self.server, list(ledger.traces.values()), is_complete=True)
        for traffic in self._more:
            findings.add(traffic.verify(self.server))
        findings.add(verify_lists(self.server, ledger, frozenset(self._lifecycle.trace_ids(self.server))))
        self.server.kill()
        report = self._check_copy()
        sent = ledger.sent_spans + SPANS_OF_LIFECYCLE_RUN * len(self._lifecycle.finished)
        stored = sum(map(int, re.findall(r"(\d+) spans", report)))
        if stored > sent:
            findings.duplicated += ["a span on disk"] * (stored - sent)
        elif stored < sent:
            findings.lost += ["a span on disk"] * (sent - stored)
        self._tally.findings.add(findings)
        self._tally.others += sum(len(t.acknowledged) for t in self._more[:2]) + len(self._lifecycle.finished)
        self._tally.acknowledged += ledger.acknowledged_spans


class CrashTest(cases.FaultTest):
    deadline_seconds = 60 + 10 * ROUNDS

    def test_acknowledged_spans_survive_every_kill_exactly_once(self) -> None:
        tally = Tally()
        print(f"seed {SEED}, {ROUNDS} rounds", flush=True)
        rng = random.Random(SEED)
        for epoch in range(0, ROUNDS, ROUNDS_PER_EPOCH):
            directory = self.directory / f"epoch{epoch}"
            directory.mkdir()
            run = Epoch(directory, random.Random(rng.random()), tally)
            self.addCleanup(lambda s=run.server: s.process is not None and s.kill())
            run.run(min(ROUNDS_PER_EPOCH, ROUNDS - epoch))
            if not tally.findings.is_clean:
                kept = self.directory.with_name(self.directory.name + "-failed")
                shutil.copytree(directory, kept)
                print(f"the data directory is kept in {kept}")
                break
            shutil.rmtree(directory)
        print(
            f"seed {SEED}: {tally.rounds} rounds, {tally.kills} kills under load, "
            f"{tally.kills_at_start} while starting; {tally.acknowledged} spans and {tally.others} "
            f"log records, metric points and lifecycle runs acknowledged, "
            f"{len(tally.findings.lost)} lost, {len(tally.findings.duplicated)} duplicated",
            flush=True,
        )
        self.assertTrue(tally.findings.is_clean, tally.findings.describe())
        self.assertEqual(tally.rounds, ROUNDS)


if __name__ == "__main__":
    cases.main()
