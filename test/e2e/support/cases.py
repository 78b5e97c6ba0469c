# SPDX-License-Identifier: Apache-2.0
"""The base of all fault tests: a directory of their own, servers that end with them, a deadline."""

import faulthandler
import os
import secrets
import shutil
import signal
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

from support import otlp
from support.server import Server


class FaultTest(unittest.TestCase):
    """A test that takes longer than `deadline_seconds` fails with a traceback of all threads."""

    deadline_seconds = 60
    maxDiff = None

    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="sightline-faults-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        previous = signal.signal(signal.SIGALRM, self._on_deadline)
        self.addCleanup(signal.signal, signal.SIGALRM, previous)
        signal.alarm(self.deadline_seconds)
        self.addCleanup(signal.alarm, 0)

    def _on_deadline(self, *_: object) -> None:
        faulthandler.dump_traceback()
        raise TimeoutError(f"the test took longer than {self.deadline_seconds} s")

    def new_server(self, data_dir: Path | None = None, **settings: Any) -> Server:
        """A server that is not started yet and does not outlive the test."""
        server = Server(data_dir or self.directory / "data", **settings)
        self.addCleanup(lambda: server.process is not None and server.kill())
        return server

    def start_server(self, data_dir: Path | None = None, **settings: Any) -> Server:
        return self.new_server(data_dir, **settings).start()


def new_trace_id() -> bytes:
    return secrets.token_bytes(16)


def make_trace(size: int, *, trace_id: bytes | None = None, **root_attributes: Any) -> list[otlp.Span]:
    """A root span and its children, one millisecond each, ending now."""
    trace_id = trace_id or new_trace_id()
    now = time.time_ns()
    spans = []
    for i in range(size):
        spans.append(
            otlp.Span(
                trace_id=trace_id,
                span_id=(i + 1).to_bytes(8, "big"),
                parent_span_id=b"" if i == 0 else (1).to_bytes(8, "big"),
                name="root" if i == 0 else f"step {i}",
                start_ns=now - (size - i) * 1_000_000,
                end_ns=now if i == 0 else now - (size - i - 1) * 1_000_000,
                attributes=root_attributes if i == 0 else {},
            )
        )
    return spans


def main() -> None:
    """Runs the tests of the calling file."""
    faulthandler.enable()
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # Broken connections are what is tested.
    unittest.main(verbosity=2)
