# SPDX-License-Identifier: Apache-2.0
"""`sightline check` only looks: it changes no byte, and a directory that cannot be written is enough."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from support import cases
from support.senders import Fate, HttpSender
from support.server import BINARY, Server, check, clean_environment, wait_until

# A superuser may write what it may not; without these it is as anybody.
DROPPED = "-dac_override,-dac_read_search,-fowner"


def as_anybody(*command: str) -> subprocess.CompletedProcess:
    prefix = ["setpriv", f"--bounding-set={DROPPED}", "--"] if os.geteuid() == 0 else []
    return subprocess.run([*prefix, *command], env=clean_environment(), capture_output=True, text=True,
                          timeout=60, check=False)


def digest(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*")) if path.is_file()
    }


class CheckTest(cases.FaultTest):
    def fill(self, server: Server) -> None:
        """Rows in a day folder and, after them, rows that are in the journal only."""
        sender = HttpSender(server)
        for _ in range(20):
            self.assertIs(sender.send(cases.make_trace(30)), Fate.ACKNOWLEDGED)
        wait_until(lambda: server.metrics()["sightline_store_spans"] >= 600, 30, "all of it is sealed")
        self.assertIs(sender.send(cases.make_trace(5)), Fate.ACKNOWLEDGED)
        sender.close()

    def freeze(self, directory: Path) -> None:
        for path in [directory, *directory.rglob("*")]:
            path.chmod(0o500 if path.is_dir() else 0o400)
        self.addCleanup(lambda: [path.chmod(0o700) for path in [directory, *directory.rglob("*")]])

    def assert_checked(self, directory: Path) -> None:
        before = digest(directory)
        is_clean, report = check(directory)
        self.assertTrue(is_clean, report)
        self.assertEqual(digest(directory), before)
        self.freeze(directory)
        touched = as_anybody("touch", str(directory / "new"))
        if touched.returncode == 0:
            self.skipTest("a directory cannot be made read-only here")
        done = as_anybody(BINARY, "check", "--data-dir", str(directory))
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertEqual(done.stdout, report)
        self.assertEqual(digest(directory), before)

    def test_a_directory_that_was_left_in_order(self) -> None:
        server = self.start_server(seal_seconds=1)
        self.fill(server)
        self.assertEqual(server.stop(), 0)
        self.assert_checked(server.data_dir)

    def test_a_directory_that_was_left_by_a_crash(self) -> None:
        server = self.start_server(seal_seconds=1)
        self.fill(server)
        server.kill()
        self.assert_checked(server.data_dir)

    def test_a_day_without_its_tables_is_reported_and_left_as_it_is(self) -> None:
        server = self.start_server(seal_seconds=1)
        self.fill(server)
        self.assertEqual(server.stop(), 0)
        [tables] = server.data_dir.glob("days/*/facts.duckdb")
        tables.unlink()
        before = digest(server.data_dir)
        is_clean, report = check(server.data_dir)
        self.assertFalse(is_clean)
        self.assertIn("it has no tables", report)
        self.assertEqual(digest(server.data_dir), before)

    def test_a_directory_in_use_or_missing_is_told(self) -> None:
        server = self.start_server()
        is_clean, report = check(server.data_dir)
        self.assertFalse(is_clean)
        self.assertIn("a server is running on it", report)
        self.assertEqual(server.stop(), 0)
        is_clean, report = check(self.directory / "nowhere")
        self.assertFalse(is_clean)
        self.assertIn("there is no such directory", report)
        self.assertFalse((self.directory / "nowhere").exists())


if __name__ == "__main__":
    cases.main()
