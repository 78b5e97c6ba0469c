# SPDX-License-Identifier: Apache-2.0
"""A data directory that is not ours to open is refused in one sentence and left as it is."""

import hashlib
from pathlib import Path

from support import cases
from support.senders import Fate, HttpSender
from support.server import Server, run_command


def digest(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


class NewerFormatTest(cases.FaultTest):
    def filled_directory(self, name: str = "data") -> Server:
        """A stopped server whose directory holds one sealed trace."""
        server = self.start_server(self.directory / name)
        sender = HttpSender(server)
        self.assertIs(sender.send(cases.make_trace(3)), Fate.ACKNOWLEDGED)
        sender.close()
        self.assertEqual(server.stop(), 0)
        return server

    def refused(self, command: str, data_dir: Path) -> str:
        """The one line that `sightline COMMAND` says about the directory."""
        ports = ["--port=0", "--otlp-grpc-port=0", "--otlp-http-port=0"]
        done = run_command(command, "--data-dir", str(data_dir), *ports)
        self.assertNotEqual(done.returncode, 0)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 1, done.stderr + done.stdout)
        self.assertTrue(lines[0].startswith("sightline: cannot "), lines[0])
        return lines[0]

    def assert_refused_untouched(self, data_dir: Path, *words: str) -> None:
        before = digest(data_dir)
        for command in ("serve", "check"):
            with self.subTest(command=command):
                line = self.refused(command, data_dir)
                for word in words:
                    self.assertIn(word, line)
                self.assertEqual(digest(data_dir), before)

    def test_a_newer_store_is_refused(self) -> None:
        server = self.filled_directory()
        (server.data_dir / "days/format").write_text("3\n")
        self.assert_refused_untouched(server.data_dir, "newer version", "format 3", "days")

    def test_a_journal_of_another_version_is_refused(self) -> None:
        # A version is believed only with the checksum of its header: XXH3 of magic and position 1.
        for magic, check, word in (
            (b"SLJRNL03", "4cd2201c769019ca", "newer version"),
            (b"SLJRNL01", "d79b0b76d04f153b", "older version"),
        ):
            with self.subTest(magic=magic):
                server = self.filled_directory(word)
                segment = server.data_dir / "journal/00000000000000000001.journal"
                with open(segment, "r+b") as file:
                    self.assertEqual(file.read(8), b"SLJRNL02")
                    file.seek(0)
                    file.write(magic + (1).to_bytes(8, "little") + bytes.fromhex(check))
                self.assert_refused_untouched(server.data_dir, word, segment.name)

    def test_a_store_of_before_the_first_release_is_refused(self) -> None:
        server = self.filled_directory()
        stray = server.data_dir / "days/2026-01-01.duckdb"
        stray.write_bytes(b"not a database" * 1000)
        self.assertIn(stray.name, self.refused("serve", server.data_dir))

    def test_a_second_server_on_the_same_directory_is_refused(self) -> None:
        server = self.start_server()
        line = self.refused("serve", server.data_dir)
        self.assertIn(str(server.data_dir), line)
        self.assertIn("another server is running", line)
        # The first one is not disturbed.
        self.assertTrue((server.data_dir / "ports.json").exists())
        sender = HttpSender(server)
        self.assertIs(sender.send(cases.make_trace(3)), Fate.ACKNOWLEDGED)
        sender.close()
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(server.list_traces()["total"], 1)

    def test_a_check_of_a_running_server_is_refused(self) -> None:
        server = self.start_server()
        self.assertIn("is running", self.refused("check", server.data_dir))


if __name__ == "__main__":
    cases.main()
