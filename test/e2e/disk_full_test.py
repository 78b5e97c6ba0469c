# SPDX-License-Identifier: Apache-2.0
"""A full disk: senders get retryable errors and lose nothing, reads go on, all is well once there is
space again. The disk is a small tmpfs; mounting one needs root."""

import os
import subprocess
import unittest

from support import cases, otlp
from support.senders import JSON, PROTOBUF, Fate, GrpcError, GrpcSender, HttpSender
from support.server import Server, check, wait_until
from support.workload import Workload, verify_traces

DISK_BYTES = 48 << 20
SEGMENT_BYTES = 1 << 20
RESERVE_BYTES = 4 << 20


class DiskFullTest(cases.FaultTest):
    deadline_seconds = 90

    def setUp(self) -> None:
        super().setUp()
        self.disk = self.directory / "disk"
        self.disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(self.disk)],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode != 0:
            raise unittest.SkipTest(f"cannot mount a tmpfs (it needs root): {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)], check=True)
        self.ballast = self.disk / "ballast"

    def new_disk_server(self) -> Server:
        server = self.new_server(
            self.disk / "data",
            seal_rows=1000,
            seal_seconds=1,
            journal_segment_bytes=SEGMENT_BYTES,
            disk_reserve_bytes=RESERVE_BYTES,
        )
        server.log_path = self.directory / "server.log"  # Not on the disk that fills up.
        return server

    def fill(self) -> None:
        """Takes all space; more than once while the server still writes."""
        state = os.statvfs(self.disk)
        with open(self.ballast, "ab") as file:
            free = state.f_bavail * state.f_frsize
            if free > 0:
                os.posix_fallocate(file.fileno(), file.tell(), free)

    def wait_until_refusing(self, server: Server) -> None:
        """The journal still takes what fits into its segment, and sealing may give space back."""
        sender = HttpSender(server)
        padding = "x" * 200_000

        def is_refused() -> bool:
            self.fill()
            return sender.send(cases.make_trace(1, **{"faults.padding": padding})) is Fate.REFUSED

        wait_until(is_refused, 30, "an export is refused")
        sender.close()

    def assert_refused_as_retryable(self, server: Server) -> None:
        for content_type in (PROTOBUF, JSON):
            with self.subTest(content_type=content_type):
                sender = HttpSender(server, content_type)
                answer = sender.post(sender.encode(cases.make_trace(1)))
                sender.close()
                self.assertEqual(answer.status, 503)
                self.assertEqual(answer.headers["Content-Type"], content_type)
                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
                decode = otlp.decode_status if content_type == PROTOBUF else lambda _: answer.json()
                status = decode(answer.body)
                self.assertEqual(status["code"], 14)
                self.assertIn("disk full", status["message"])
        sender = GrpcSender(server)
        with self.assertRaises(GrpcError) as raised:
            sender.call(otlp.traces_request(cases.make_trace(1)))
        sender.close()
        self.assertEqual(raised.exception.code.name, "UNAVAILABLE")
        self.assertGreater(raised.exception.status["retry_seconds"], 0)
        losses = server.losses()
        self.assertGreaterEqual(losses["request_storage_unavailable"], 3)

    def assert_only_reading(self, server: Server, workload: Workload) -> None:
        ready = server.get("/readyz")
        self.assertEqual(ready.status, 503)
        self.assertIn("disk full", ready.json()["detail"])
        self.assertEqual(server.get("/healthz").status, 200)
        self.assertEqual(server.metrics()["sightline_journal_writable"], 0)
        findings = verify_traces(server, list(workload.ledger.traces.values()))
        self.assertTrue(findings.is_clean, findings.describe())
        self.assertGreater(server.list_traces(limit=10)["total"], 0)

    def assert_complete(self, server: Server, workload: Workload) -> None:
        ledger = workload.ledger
        findings = verify_traces(server, list(ledger.traces.values()), is_complete=True)
        self.assertTrue(findings.is_clean, findings.describe())

    def start_load(self, server: Server) -> Workload:
        workload = Workload(seed=2)
        self.addCleanup(workload.stop)
        workload.attach(server)
        wait_until(lambda: workload.ledger.acknowledged_spans > 1500, 20, "the load is on")
        return workload

    def test_senders_wait_and_readers_go_on_until_there_is_space(self) -> None:
        server = self.new_disk_server().start()
        workload = self.start_load(server)
        self.wait_until_refusing(server)
        self.assert_refused_as_retryable(server)
        self.assert_only_reading(server, workload)
        # Sealing fails as well, and a failed seal must not take the reads with it.
        wait_until(lambda: server.losses()["seal_failed"] > 0, 20, "a seal has failed")
        self.assert_only_reading(server, workload)

        before = workload.ledger.acknowledged_spans
        self.ballast.unlink()
        workload.drain(30)
        self.assertEqual(workload.problems, [])
        self.assertGreaterEqual(workload.ledger.acknowledged_spans, before)
        self.assertEqual(server.get("/readyz").status, 200)
        name = "sightline_store_unsealed_rows"
        wait_until(lambda: server.metrics()[name] == 0, 20, "everything is sealed")
        self.assert_complete(server, workload)

        server.kill()
        is_clean, report = check(server.data_dir)
        self.assertTrue(is_clean, report)
        server.start()
        self.assert_complete(server, workload)

    def test_it_is_ready_again_without_being_sent_anything(self) -> None:
        server = self.new_disk_server().start()
        self.wait_until_refusing(server)
        self.assertEqual(server.get("/readyz").status, 503)
        self.ballast.unlink()
        wait_until(lambda: server.get("/readyz").status == 200, 10, "ready again")

    def test_it_is_not_ready_on_a_full_disk_before_anyone_sends(self) -> None:
        server = self.new_disk_server().start()
        self.assertEqual(server.get("/readyz").status, 200)
        self.assertEqual(server.stop(), 0)
        self.fill()
        server.spawn()
        server.wait_for_logged_ports()
        ready = server.get("/readyz")
        self.assertEqual(ready.status, 503)
        self.assertIn("disk full", ready.json()["detail"])
        self.ballast.unlink()
        wait_until(lambda: server.get("/readyz").status == 200, 30, "ready")
        sender = HttpSender(server)
        self.assertIs(sender.send(cases.make_trace(1)), Fate.ACKNOWLEDGED)
        sender.close()

    def test_a_crash_on_a_full_disk_loses_nothing(self) -> None:
        server = self.new_disk_server().start()
        workload = self.start_load(server)
        self.wait_until_refusing(server)
        workload.detach()
        server.kill()
        self.fill()
        # It starts where it can: what is stored can be read.
        server.spawn()
        server.wait_for_logged_ports()
        findings = verify_traces(server, list(workload.ledger.traces.values()))
        self.assertTrue(findings.is_clean, findings.describe())
        self.ballast.unlink()
        workload.attach(server)
        workload.drain(30)
        self.assertEqual(workload.problems, [])
        self.assert_complete(server, workload)
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assert_complete(server, workload)


if __name__ == "__main__":
    cases.main()
