# SPDX-License-Identifier: Apache-2.0
"""Each kind of call of the disk fails once, while senders work: with an input/output error, for lack
of space, or by writing half. Nothing that was acknowledged is lost or there twice, the server says
what is wrong, and it goes on by itself.

FAULTS sets how many faults there are; FAULT_SEED repeats the choices.
"""

import collections
import os
import random
import re
import shutil
import time
from pathlib import Path
from typing import Any

from support import cases
from support.faulty_disk import SHORT, Fault, FaultyDisk, errors_of
from support.server import ServerEnded, check, wait_until
from support.traffic import SPANS_OF_LIFECYCLE_RUN, LifecycleTraffic, LogTraffic
from support.workload import Findings, Ledger, Trace, Workload, verify_lists, verify_traces

FAULTS = int(os.environ.get("FAULTS", "10"))
SEED = int(os.environ.get("FAULT_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
RECOVERY_SECONDS = 30
FAULT_SECONDS = 2  # A call that is rare may not come; then another one is tried.
MOST_SKIPPED = 5
FAULTS_OF_START = 0.2
FAULTS_OF_EPOCH = 10
READ_BEFORE_THE_START = 100

# What acknowledged data depends on. Other failures show where they matter.
TOLD_CALLS = {"write", "sync"}
TOLD_FILES = {"journal", "frames", "tables' log"}


class DiskFaultsTest(cases.FaultTest):
    deadline_seconds = 120 + 15 * FAULTS

    def setUp(self) -> None:
        super().setUp()
        print(f"seed {SEED}, {FAULTS} faults", flush=True)
        self.rng = random.Random(SEED)
        self.happened: collections.Counter[Fault] = collections.Counter()
        self.seen: set[tuple[str, str]] = set()

    def begin(self, directory: Path) -> None:
        """A new data directory, and senders of its own."""
        directory.mkdir()
        self.order: list[str] = []
        self.of_start: set[tuple[str, str]] = set()  # The kinds of calls that a start makes.
        self.seen_at_start: dict[tuple[str, str], int] = {}
        self.server = self.new_server(
            directory / "data",
            seal_rows=300,
            seal_seconds=1,
            journal_segment_bytes=256 << 10,
            disk_reserve_bytes=0,
        )
        self.disk = FaultyDisk(directory, self.server.data_dir)
        self.server.environment = self.disk.environment
        self.more: list[Any] = []
        self.workload = Workload(self.rng.randrange(1 << 31), senders=2, more=self.make_more)
        self.addCleanup(self.workload.stop)

    def make_more(self, ledger: Ledger) -> list[Any]:
        self.lifecycle = LifecycleTraffic(random.Random(self.rng.random()), self.rng.randrange(1 << 31))
        self.more = [LogTraffic(random.Random(self.rng.random()), ledger), self.lifecycle]
        return self.more

    def start(self) -> None:
        before = self.disk.seen()
        self.server.spawn()
        self.server.wait_for_logged_ports()  # The file that names them may be what fails.
        self.server.wait_until_ready()
        self.seen_at_start = self.disk.seen()
        self.of_start |= {kind for kind, count in self.seen_at_start.items() if count > before.get(kind, 0)}

    def of_work(self) -> set[tuple[str, str]]:
        """The kinds of calls that were made since the last start."""
        return {kind for kind, count in self.disk.seen().items() if count > self.seen_at_start.get(kind, 0)}

    def next_fault(self, kinds: set[tuple[str, str]]) -> Fault:
        """One of those that have happened least."""
        possible = [Fault(call, file, error) for call, file in sorted(kinds) for error in errors_of(call)]
        least = min(self.happened[fault] for fault in possible)
        return self.rng.choice([fault for fault in possible if self.happened[fault] == least])

    def logged(self) -> int:
        return len(re.findall(r"(?i)\b(warn|warning|error)\b", self.server.log_path.read_text(errors="replace")))

    def count(self, fault: Fault, logged: int) -> None:
        self.happened[fault] += 1
        self.order.append(str(fault))
        if fault.error != SHORT and fault.call in TOLD_CALLS and fault.file in TOLD_FILES:
            wait_until(lambda: self.logged() > logged, RECOVERY_SECONDS, f"{fault} is told")

    def fail_at_work(self) -> bool:
        wait_until(lambda: ("write", "tables' log") in self.of_work(), RECOVERY_SECONDS, "a seal")
        fault, fired, logged = self.next_fault(self.of_work()), self.disk.fired, self.logged()
        self.disk.arm(fault, self.rng.randrange(MOST_SKIPPED))
        deadline = time.monotonic() + FAULT_SECONDS
        while self.disk.fired == fired and time.monotonic() < deadline:
            time.sleep(0.01)
        self.disk.disarm()
        if self.disk.fired == fired:
            return False
        before = self.workload.ledger.acknowledged_spans
        wait_until(
            lambda: self.workload.ledger.acknowledged_spans > before and not self.workload.problems
            or self.server.process.poll() is not None,
            RECOVERY_SECONDS, f"spans are acknowledged after {fault}; {self.workload.problems}; {self.server.log()}",
        )
        self.assertIsNone(self.server.process.poll(), f"ended after {fault}:\n{self.server.log()}")
        self.count(fault, logged)
        return True

    def fail_at_start(self) -> bool:
        """A server that cannot start says why; the next one starts."""
        self.workload.detach()
        self.server.kill()
        fault, fired, logged = self.next_fault(self.of_start), self.disk.fired, self.logged()
        self.disk.arm(fault, self.rng.randrange(MOST_SKIPPED))
        try:
            self.start()
        except ServerEnded:
            self.disk.disarm()
            self.assertNotEqual(self.disk.fired, fired, self.server.log())
            self.assertRegex(self.server.log(), r"cannot|could not|failed|error")
            self.start()
        self.disk.disarm()
        self.workload.attach(self.server)
        if self.disk.fired == fired:
            return False
        self.count(fault, logged)
        return True

    def verify(self, traces: list[Trace]) -> Findings:
        """Everything is acknowledged; of the traces these are read."""
        ledger = self.workload.ledger
        findings = verify_traces(self.server, traces, is_complete=True)
        for traffic in self.more:
            findings.add(traffic.verify(self.server))
        findings.add(verify_lists(self.server, ledger, frozenset(self.lifecycle.trace_ids(self.server))))
        return findings

    def test_each_call_may_fail(self) -> None:
        done = 0
        for epoch in range(2 + FAULTS // FAULTS_OF_EPOCH):
            directory = self.directory / f"epoch{epoch}"
            self.begin(directory)
            try:
                done += self.let_calls_fail(min(FAULTS_OF_EPOCH, FAULTS - done))
            except Exception:
                kept = self.directory.with_name(self.directory.name + "-failed")
                shutil.copytree(directory, kept)
                print(f"the data directory is kept in {kept}; faults: {', '.join(self.order)}")
                raise
            finally:
                self.workload.stop()
            shutil.rmtree(directory)
            if done >= FAULTS:
                break
        for fault, count in sorted(self.happened.items(), key=str):
            print(f"  {fault}: {count}")
        kinds = {(fault.call, fault.file) for fault in self.happened}
        missed = [" ".join(kind) for kind in sorted(self.seen) if kind not in kinds]
        self.assertGreaterEqual(done, FAULTS // 2)
        print(f"{done} faults of {len(kinds)} kinds; not tried: {', '.join(missed)}", flush=True)

    def let_calls_fail(self, count: int) -> int:
        """How many did: calls that are rare may not come."""
        self.start()
        self.workload.attach(self.server)
        done = 0
        for _ in range(2 * FAULTS_OF_EPOCH):
            at_start = self.rng.random() < FAULTS_OF_START
            done += self.fail_at_start() if at_start else self.fail_at_work()
            if done == count:
                break
        self.seen |= self.disk.seen().keys()
        self.workload.drain(60)
        self.assertEqual(self.workload.problems, [])
        traces = list(self.workload.ledger.traces.values())
        findings = self.verify(traces[-READ_BEFORE_THE_START:])
        self.assertTrue(findings.is_clean, findings.describe())
        self.server.kill()
        self.server.environment = {}
        self.server.start()
        findings = self.verify(traces)
        self.assertTrue(findings.is_clean, f"after a start: {findings.describe()}")
        self.server.kill()
        _, report = check(self.server.data_dir)
        sent = self.workload.ledger.sent_spans + SPANS_OF_LIFECYCLE_RUN * len(self.lifecycle.finished)
        self.assertEqual(sum(map(int, re.findall(r"(\d+) spans", report))), sent, report)
        return done


if __name__ == "__main__":
    cases.main()
