# SPDX-License-Identifier: Apache-2.0
"""`sightline backup` and going back to what it made: under load, without a server, from a disk that
fills up, onto what is there already."""

import hashlib
import http.client
import json
import shutil
import subprocess
import threading
import unittest
from pathlib import Path

from support import cases
from support.senders import Fate, HttpSender
from support.server import Server, check, run_command, wait_until

PRICE = "/api/v1/cost-tracking/prices/acme/house-model"


def digest(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*")) if path.is_file()
    }


class BackupTest(cases.FaultTest):
    deadline_seconds = 120

    def setUp(self) -> None:
        super().setUp()
        self.target = self.directory / "backup"

    def back_up(self, server: Server, target: Path | None = None) -> subprocess.CompletedProcess:
        return run_command("backup", str(target or self.target), "--data-dir", str(server.data_dir))

    def send(self, server: Server, traces: int) -> list[bytes]:
        """The ids of runs that were acknowledged."""
        sender = HttpSender(server)
        ids = []
        for _ in range(traces):
            spans = cases.make_trace(3, **{"gen_ai.agent.name": "kept"})
            self.assertIs(sender.send(spans), Fate.ACKNOWLEDGED)
            ids.append(spans[0].trace_id)
        sender.close()
        return ids

    def assert_holds(self, directory: Path, ids: list[bytes]) -> Server:
        is_clean, report = check(directory)
        self.assertTrue(is_clean, report)
        server = self.start_server(directory)
        for trace_id in ids:
            trace = server.trace(trace_id)
            self.assertIsNotNone(trace, trace_id.hex())
            self.assertEqual(trace["span_count"], 3)
        return server

    def put_view(self, server: Server, name: str) -> None:
        answer = self.post(server, "/api/v1/views", {"name": name, "page": "runs"})
        self.assertEqual(answer, 200)

    def post(self, server: Server, path: str, body: dict) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        status = connection.getresponse().status
        connection.close()
        return status

    def test_under_load_all_that_was_acknowledged_before_is_in_it(self) -> None:
        server = self.start_server(seal_seconds=1, seal_rows=500)
        self.put_view(server, "kept")
        before = self.send(server, 200)
        stop = threading.Event()
        meanwhile: list[bytes] = []
        failures: list[BaseException] = []

        def load() -> None:
            try:
                while not stop.is_set():
                    meanwhile.extend(self.send(server, 10))
            except BaseException as error:  # Told by the test's own thread.
                failures.append(error)

        thread = threading.Thread(target=load)
        thread.start()
        wait_until(lambda: len(meanwhile) > 20 or failures, 30, "the load runs")
        acknowledged = before + list(meanwhile)
        done = self.back_up(server)
        count = len(meanwhile)
        wait_until(lambda: len(meanwhile) > count + 20 or failures, 30, "the load goes on")
        stop.set()
        thread.join()
        self.assertEqual(failures, [])
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        manifest = json.loads((self.target / "backup.json").read_text())
        self.assertEqual((manifest["days"] >= 1, manifest["left_out"]), (True, []))
        self.assertEqual(list(self.directory.glob("backup.partial*")), [])
        for trace_id in before + meanwhile:
            self.assertIsNotNone(server.trace(trace_id), "the server that was copied has lost nothing")
        self.assertEqual(server.stop(), 0)
        self.assertTrue(check(server.data_dir)[0])
        copy = self.assert_holds(self.target, acknowledged)
        self.assertEqual([v["name"] for v in copy.get_json("/api/v1/views")["views"]], ["kept"])
        more = self.send(copy, 5)
        self.assertEqual(copy.stop(), 0)
        self.assert_holds(self.target, acknowledged + more).stop()

    def test_of_a_directory_that_no_server_uses(self) -> None:
        server = self.start_server(seal_seconds=1)
        ids = self.send(server, 20)
        server.kill()  # What it held is in the journal alone.
        done = self.back_up(server)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assert_holds(self.target, ids).stop()

    def test_going_back_to_a_backup_is_copying_it(self) -> None:
        """As docs/backup.md says."""
        server = self.start_server(seal_seconds=1)
        ids = self.send(server, 20)
        self.assertEqual(self.back_up(server).returncode, 0)
        before = digest(self.target)
        lost = self.send(server, 5)
        self.assertEqual(server.stop(), 0)
        shutil.rmtree(server.data_dir)
        subprocess.run(["cp", "-a", str(self.target), str(server.data_dir)], check=True)
        restored = self.assert_holds(server.data_dir, ids)
        for trace_id in lost:
            self.assertIsNone(restored.trace(trace_id))
        self.assertEqual(digest(self.target), before, "the backup is as it was")

    def test_refuses_what_is_there_and_says_why(self) -> None:
        server = self.start_server()
        self.send(server, 2)
        full = self.directory / "full"
        full.mkdir()
        (full / "mine").write_text("precious")
        for target, part in (
            (full, "not an empty directory"),
            (full / "mine", "not an empty directory"),
            (server.data_dir / "inside", "lies in the data directory"),
            (self.directory / "no" / "such", "does not exist"),
        ):
            with self.subTest(part):
                done = self.back_up(server, target)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(part, done.stderr)
        self.assertEqual(digest(full), {"mine": hashlib.sha256(b"precious").hexdigest()})
        left = Path(f"{self.target}.partial")
        left.mkdir()
        done = self.back_up(server)
        self.assertEqual(done.returncode, 1)
        self.assertIn("delete it first", done.stderr)
        left.rmdir()
        self.target.mkdir()
        self.assertEqual(self.back_up(server).returncode, 0, "an empty directory is filled")
        self.assertNotEqual(self.back_up(server).returncode, 0, "and not overwritten")

    def test_without_a_directory_or_data(self) -> None:
        done = run_command("backup", "--data-dir", str(self.directory / "data"))
        self.assertEqual(done.returncode, 2)
        done = run_command("backup", str(self.target), "--data-dir", str(self.directory / "nothing"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such directory", done.stderr)
        self.assertFalse(self.target.exists())

    def test_a_disk_that_is_too_small_leaves_nothing(self) -> None:
        server = self.start_server(seal_seconds=1)
        ids = self.send(server, 20)
        disk = self.directory / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode != 0:
            raise unittest.SkipTest(f"cannot mount a tmpfs (it needs root): {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=True)
        done = self.back_up(server, disk / "backup")
        self.assertEqual(done.returncode, 1)
        self.assertIn("are free there", done.stderr)
        self.assertEqual(list(disk.iterdir()), [])
        self.assertIsNotNone(server.trace(ids[0]))


if __name__ == "__main__":
    cases.main()
