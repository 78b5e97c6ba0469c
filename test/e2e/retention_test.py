# SPDX-License-Identifier: Apache-2.0
"""Retention deletes whole days, oldest first, frees their space and counts them.

The day of a span is the day it arrives, and clocks of servers cannot be set here: days of the past are
made by renaming the day folder of a stopped server.
"""

import datetime
import os
from pathlib import Path

from support import cases
from support.senders import Fate, HttpSender
from support.server import Server, check, wait_until


def day_name(days_ago: int) -> str:
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return str(today - datetime.timedelta(days=days_ago))


def folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def open_files(server: Server) -> list[str]:
    directory = Path(f"/proc/{server.process.pid}/fd")
    return [os.readlink(entry) for entry in directory.iterdir() if entry.exists() or entry.is_symlink()]


class RetentionTest(cases.FaultTest):
    def setUp(self) -> None:
        super().setUp()
        self.traces: dict[int, bytes] = {}  # Trace id by age in days.

    @property
    def days(self) -> Path:
        return self.directory / "data/days"

    def names(self) -> list[str]:
        return sorted(path.name for path in self.days.glob("????-??-??"))

    def fill_days(self, *ages: int, text_bytes: int = 100) -> None:
        """One trace a day, oldest first, with random text so that it takes its space on disk."""
        for age in sorted(ages, reverse=True):
            server = self.start_server()
            spans = cases.make_trace(2, **{"faults.text": os.urandom(text_bytes // 2).hex()})
            sender = HttpSender(server)
            self.assertIs(sender.send(spans), Fate.ACKNOWLEDGED)
            sender.close()
            self.assertEqual(server.stop(), 0)
            self.traces[age] = spans[0].trace_id
            if age > 0:
                (self.days / day_name(0)).rename(self.days / day_name(age))

    def start_and_wait(self, expected_deletions: int, **settings: int) -> Server:
        server = self.start_server(**settings)
        wait_until(
            lambda: server.losses()["retention_deleted"] == expected_deletions,
            20,
            f"{expected_deletions} days deleted; there are {self.names()}",
        )
        return server

    def assert_kept(self, server: Server, *ages: int) -> None:
        wanted = sorted(day_name(age) for age in ages)
        # Reads do not see a day any more once it is counted; its files go when the last read that uses it has ended.
        wait_until(lambda: self.names() == wanted, 30, f"only {wanted} are kept")
        for age, trace_id in self.traces.items():
            with self.subTest(age=age):
                self.assertEqual(server.trace(trace_id) is not None, age in ages)
        self.assertEqual(server.list_traces()["total"], len(ages))
        # A deleted file that is open keeps its space; a read that was under way may hold it a moment longer.
        wait_until(
            lambda: not any(name.endswith("(deleted)") for name in open_files(server)), 30, "deleted files are closed"
        )

    def assert_takes_more(self, server: Server) -> None:
        """New data go in and survive a crash after old days are gone."""
        spans = cases.make_trace(3)
        sender = HttpSender(server)
        self.assertIs(sender.send(spans), Fate.ACKNOWLEDGED)
        sender.close()
        total = server.list_traces()["total"]
        server.kill()
        is_clean, report = check(server.data_dir)
        self.assertTrue(is_clean, report)
        server.start()
        self.assertEqual(server.trace(spans[0].trace_id)["repeated_spans"], 0)
        self.assertEqual(server.list_traces()["total"], total)
        self.assertEqual(server.stop(), 0)

    def test_days_older_than_the_limit_are_deleted(self) -> None:
        self.fill_days(0, 1, 2, 5, 9)
        server = self.start_and_wait(2, retention_days=3)
        self.assert_kept(server, 0, 1, 2)
        self.assertIn(day_name(9), server.log())
        self.assertIn(day_name(5), server.log())
        self.assert_takes_more(server)

    def test_the_last_day_is_deleted_by_age_as_well_and_does_not_come_back(self) -> None:
        self.fill_days(5)
        server = self.start_and_wait(1, retention_days=3)
        self.assert_kept(server)
        self.assert_takes_more(server)
        server.start()
        self.assertIsNone(server.trace(self.traces[5]))
        self.assertEqual(server.list_traces()["total"], 1)

    def test_oldest_days_are_deleted_until_the_size_is_kept(self) -> None:
        self.fill_days(0, 1, 2, 3, text_bytes=3_000_000)
        sizes = {name: folder_bytes(self.days / name) for name in self.names()}
        limit = sizes[day_name(0)] + sizes[day_name(1)] + 1000
        server = self.start_and_wait(2, retention_bytes=limit)
        self.assert_kept(server, 0, 1)
        self.assertLessEqual(server.metrics()["sightline_store_disk_bytes"], limit)
        self.assert_takes_more(server)

    def test_the_newest_day_is_never_deleted_by_size(self) -> None:
        self.fill_days(0, 1, text_bytes=1_000_000)
        server = self.start_and_wait(1, retention_bytes=1000)
        self.assert_kept(server, 0)

    def test_nothing_is_deleted_without_a_limit(self) -> None:
        self.fill_days(0, 400)
        server = self.start_server()
        self.assert_kept(server, 0, 400)
        self.assertEqual(server.losses()["retention_deleted"], 0)


if __name__ == "__main__":
    cases.main()
