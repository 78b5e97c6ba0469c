# SPDX-License-Identifier: Apache-2.0
"""Live clients that connect, stall and vanish while runs stream in: memory stays flat.

Not part of `make test`: `make soak` runs it for SOAK_SECONDS (600). Every second some clients come, of
which some read, some stop reading, and all vanish without a good-bye after a while. It fails when the
server's resident memory still grows after the first third, or when a subscription outlives its client.
"""

import asyncio
import contextlib
import os
import random
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path

from websockets.client import WebSocketClientProtocol, connect

from support.senders import Fate, HttpSender
from support.server import Server, wait_until
from live_feeds_test import root, step
from support.cases import new_trace_id

SECONDS = int(os.environ.get("SOAK_SECONDS", "600"))
CLIENTS_PER_SECOND = 12
SPANS_PER_SECOND = 400
RUN_SPANS = 20
ALLOWED_GROWTH = 1.10
ALLOWED_BYTES = 24 << 20


def resident_bytes(server: Server) -> int:
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the server has no resident memory")


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
            for _ in range(SPANS_PER_SECOND // RUN_SPANS):
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

    def verdict(self) -> bool:
        third = len(self.memory) // 3
        middle, last = max(self.memory[third : 2 * third]), max(self.memory[2 * third :])
        is_flat = last <= max(middle * ALLOWED_GROWTH, middle + ALLOWED_BYTES)
        print(
            f"{SECONDS} s: {self.clients} clients, {self.stalled} of them stalled; resident memory "
            f"{self.memory[third] >> 20} MB after a third, at most {middle >> 20} MB in the second "
            f"third and {last >> 20} MB in the last: {'flat' if is_flat else 'GROWING'}"
        )
        return is_flat


def main() -> int:
    directory = Path(tempfile.mkdtemp(prefix="sightline-soak-"))
    try:
        with Server(directory / "data") as server:
            soak = Soak(server)
            asyncio.run(soak.run())
            wait_until(
                lambda: server.metrics()["sightline_live_subscriptions"] == 0,
                70,
                "every subscription of a client that vanished to end",
            )
            skipped = server.losses()["subscriber_skipped"]
            print(f"{skipped} states were skipped for slow clients")
            return 0 if soak.verdict() else 1
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
