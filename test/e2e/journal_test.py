# SPDX-License-Identifier: Apache-2.0
"""What the journal leaves on disk, and what it does when its directory goes away."""

from pathlib import Path

from support import cases
from support.senders import Fate, HttpSender
from support.server import Server, check, wait_until

# A journal that holds little is far below one segment of 64 MB.
SMALL_BYTES = 1 << 20


def allocated_bytes(directory: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in directory.glob("*"))


class JournalTest(cases.FaultTest):
    deadline_seconds = 90

    def send(self, server: Server) -> Fate:
        sender = HttpSender(server)
        fate = sender.send(cases.make_trace(3))
        sender.close()
        return fate

    def test_no_preallocated_space_stays_after_a_stop(self) -> None:
        server = self.start_server()
        self.assertIs(self.send(server), Fate.ACKNOWLEDGED)
        self.assertGreater(allocated_bytes(server.data_dir / "journal"), SMALL_BYTES)
        self.assertEqual(server.stop(), 0)
        self.assertLess(allocated_bytes(server.data_dir / "journal"), SMALL_BYTES)

    def test_no_preallocated_space_stays_after_a_kill_and_a_start(self) -> None:
        server = self.start_server()
        self.assertIs(self.send(server), Fate.ACKNOWLEDGED)
        server.kill()
        server.start()
        self.assertLess(allocated_bytes(server.data_dir / "journal"), SMALL_BYTES)

    def test_nothing_is_acknowledged_in_a_directory_that_went_away(self) -> None:
        server = self.start_server()
        self.assertIs(self.send(server), Fate.ACKNOWLEDGED)
        journal = server.data_dir / "journal"
        journal.rename(server.data_dir / "elsewhere")
        self.assertIs(self.send(server), Fate.REFUSED)
        ready = server.get("/readyz")
        self.assertEqual(ready.status, 503)
        self.assertIn("journal", ready.json()["detail"])
        (server.data_dir / "elsewhere").rename(journal)
        wait_until(lambda: server.get("/readyz").status == 200, 30, "ready again")
        self.assertIs(self.send(server), Fate.ACKNOWLEDGED)
        server.kill()
        is_clean, report = check(server.data_dir)
        self.assertTrue(is_clean, report)

    def test_damage_to_the_newest_segment_is_reported(self) -> None:
        server = self.start_server(seal_seconds=60)
        for _ in range(3):
            self.assertIs(self.send(server), Fate.ACKNOWLEDGED)
        server.kill()
        segment = max((server.data_dir / "journal").glob("*.journal"))
        with open(segment, "r+b") as file:
            file.seek(24 + 4)  # The length of its first record.
            byte = file.read(1)[0]
            file.seek(24 + 4)
            file.write(bytes([byte ^ 0x40]))
        is_clean, report = check(server.data_dir)
        self.assertFalse(is_clean)
        self.assertIn(segment.name, report)
        server.start()
        self.assertEqual(server.losses()["journal_corrupt"], 1)
        self.assertEqual(server.list_traces(limit=10)["total"], 2)


if __name__ == "__main__":
    cases.main()
