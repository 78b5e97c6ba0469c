# SPDX-License-Identifier: Apache-2.0
"""Half an hour of everything at once: runs stream in at SOAK_RATE spans a second, readers ask for lists,
traces and costs, live clients connect, stall and vanish. Memory stays flat and nobody is refused.

Not part of `make test`: `make soak` runs it for SOAK_SECONDS (1800) at SOAK_RATE (10000). Flat means:
the line fitted through the server's resident memory after the first third rises by less than a
twentieth, or 24 MB, to the end. It also fails when a reader gets anything but an answer, when more
than one request in a hundred is pushed back, or when a subscription outlives its client.
"""

import asyncio
import contextlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from websockets.client import WebSocketClientProtocol, connect

from support.senders import Fate, HttpSender
from support.server import BINARY, TRACES, Server, clean_environment, wait_until
from live_feeds_test import root, step
from support.cases import new_trace_id

SECONDS = int(os.environ.get("SOAK_SECONDS", "1800"))
RATE = int(os.environ.get("SOAK_RATE", "10000"))
LOAD = os.environ.get("SIGHTLINE_LOAD") or str(Path(BINARY).with_name("bench") / "sightline_load")
CLIENTS_PER_SECOND = 12
OWN_SPANS_PER_SECOND = 400  # Of runs that live clients watch.
RUN_SPANS = 20
READERS = 3
READ_PAUSE = 0.25
ALLOWED_RISE = 1.05
ALLOWED_BYTES = 24 << 20
ALLOWED_PUSHED_BACK = 0.01


def resident_bytes(server: Server) -> int:
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the server has no resident memory")


def fitted_ends(values: list[int]) -> tuple[float, float]:
    """Begin and end of the line through values that were taken at even times (least squares)."""
    count = len(values)
    middle = (count - 1) / 2
    mean = sum(values) / count
    spread = sum((i - middle) ** 2 for i in range(count)) or 1
    slope = sum((i - middle) * (value - mean) for i, value in enumerate(values)) / spread
    return mean - slope * middle, mean + slope * middle


class Readers:
    """Ask for what pages ask for, one question after the other."""

    def __init__(self, server: Server):
        self._server = server
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.answers = 0
        self.slowest = 0.0
        self.problems: list[str] = []
        self._threads = [threading.Thread(target=self._run, args=(i,), daemon=True) for i in range(READERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, index: int) -> None:
        rng = random.Random(index)
        while not self._stop.wait(rng.uniform(0, 2 * READ_PAUSE)):
            self._ask(rng)

    def _ask(self, rng: random.Random) -> None:
        monitoring, costs = "/api/v1/monitoring", "/api/v1/cost-tracking"
        page = self._get(TRACES, limit=50, **rng.choice(({}, {"has_error": "true"}, {"status": "completed"})))
        if page is not None and page["traces"]:
            run = rng.choice(page["traces"])
            self._get(f"{TRACES}/{run['trace_id']}")
        self._get(*rng.choice((
            (f"{costs}/summary",), (f"{costs}/trends?days=7",), (f"{costs}/api-calls",),
            (f"{monitoring}/metrics/workflow-executions",), (f"{monitoring}/metrics/step-executions",),
            (f"{monitoring}/health",), ("/api/v1/observability/overview",),
        )))

    def _get(self, path: str, **query: Any) -> Any:
        begun = time.monotonic()
        try:
            answer = self._server.get(path, **query)
        except OSError as error:
            return self._note(f"{path}: {error!r}", begun)
        # A run may leave the list while it is asked for; nothing else may fail.
        return self._note(None if answer.status == 200 else f"{path} {query}: {answer.status}", begun, answer)

    def _note(self, problem: str | None, begun: float, answer: Any = None) -> Any:
        with self._lock:
            self.answers += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if problem is not None:
                self.problems.append(problem)
                return None
        return answer.json()


class Soak:
    def __init__(self, server: Server):
        self.server = server
        self.random = random.Random(7)
        self.runs: list[bytes] = []
        self.clients = self.stalled = 0
        self.memory: list[int] = []

    async def client(self) -> None:
        """One life: a feed, a habit, and an end without a closing handshake."""
        run = self.random.choice(self.runs).hex()
        path = self.random.choice(("metrics", f"executions/{run}", f"traces/{run}"))
        url = f"ws://127.0.0.1:{self.server.ports['http']}/api/v1/observability/ws/{path}"
        stalls = self.random.random() < 0.3
        self.clients += 1
        self.stalled += stalls
        with contextlib.suppress(Exception):
            feed = await connect(
                url, open_timeout=20, max_queue=2, ping_interval=None, sock=self.dial(stalls)
            )
            life = self.random.uniform(1, 15)
            with contextlib.suppress(asyncio.TimeoutError):
                if stalls:
                    await asyncio.sleep(life)
                else:
                    await asyncio.wait_for(self.read(feed), life)
            feed.transport.abort()
            await asyncio.wait_for(feed.wait_closed(), 20)

    def dial(self, stalls: bool) -> socket.socket:
        """A connection; with little room on the way for one that will stop reading."""
        connection = socket.socket()
        if stalls:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", self.server.ports["http"]))
        return connection

    async def read(self, feed: WebSocketClientProtocol) -> None:
        async for _ in feed:
            pass

    def send_run(self, sender: HttpSender) -> None:
        trace_id = new_trace_id()
        self.runs = [*self.runs[-200:], trace_id]
        for first in range(2, RUN_SPANS, 5):
            spans = [step(trace_id, number) for number in range(first, first + 5)]
            assert sender.send(spans) is not Fate.UNKNOWN
        assert sender.send([root(trace_id)]) is not Fate.UNKNOWN

    def send_runs(self, until: float) -> None:
        sender = HttpSender(self.server)
        while time.monotonic() < until:
            start = time.monotonic()
            for _ in range(OWN_SPANS_PER_SECOND // RUN_SPANS):
                self.send_run(sender)
            time.sleep(max(0.0, 1 - (time.monotonic() - start)))
        sender.close()

    async def run(self) -> None:
        until = time.monotonic() + SECONDS
        self.send_run(HttpSender(self.server))
        sending = asyncio.create_task(asyncio.to_thread(self.send_runs, until))
        lives = set()
        while time.monotonic() < until:
            for _ in range(CLIENTS_PER_SECOND):
                life = asyncio.create_task(self.client())
                lives.add(life)
                life.add_done_callback(lives.discard)
            self.memory.append(resident_bytes(self.server))
            await asyncio.sleep(1)
        await sending
        await asyncio.gather(*lives)

    def is_flat(self) -> bool:
        settled = self.memory[len(self.memory) // 3 :]
        begin, end = fitted_ends(settled)
        is_flat = end <= max(begin * ALLOWED_RISE, begin + ALLOWED_BYTES)
        print(
            f"{SECONDS} s: {self.clients} clients, {self.stalled} of them stalled; resident memory at "
            f"most {max(self.memory) / 1048576:.0f} MB; the line after the first third goes from "
            f"{begin / 1048576:.0f} to {end / 1048576:.0f} MB: {'flat' if is_flat else 'GROWING'}"
        )
        return is_flat


def start_load(server: Server) -> subprocess.Popen:
    command = [LOAD, "--target", f"127.0.0.1:{server.ports['otlp_grpc']}", "--shape", "agent",
               "--rate", str(RATE), "--seconds", str(SECONDS), "--connections", "4"]
    return subprocess.Popen(command, env=clean_environment(), stdout=subprocess.PIPE, text=True)


def judge_load(load: subprocess.Popen) -> bool:
    output, _ = load.communicate(timeout=120)
    report = json.loads(output)
    share = report["pushed_back"] / max(1, report["requests"])
    reached = report["spans"] / report["seconds"]
    print(f"{report['spans']} spans, {reached:.0f} a second, {report['pushed_back']} of {report['requests']} "
          f"requests pushed back, {report['failed']} failed")
    return report["failed"] == 0 and share < ALLOWED_PUSHED_BACK


def main() -> int:
    directory = Path(tempfile.mkdtemp(prefix="sightline-soak-"))
    try:
        with Server(directory / "data") as server:
            load = start_load(server)
            soak, readers = Soak(server), Readers(server)
            asyncio.run(soak.run())
            readers.stop()
            is_load_good = judge_load(load)
            wait_until(
                lambda: server.metrics()["sightline_live_subscriptions"] == 0,
                70,
                "every subscription of a client that vanished to end",
            )
            skipped = server.losses()["subscriber_skipped"]
            print(f"{skipped} states were skipped for slow clients; {readers.answers} questions were "
                  f"answered, the slowest in {readers.slowest:.1f} s, {len(readers.problems)} not")
            for problem in readers.problems[:20]:
                print(problem)
            return 0 if soak.is_flat() and is_load_good and not readers.problems else 1
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
