# SPDX-License-Identifier: Apache-2.0
"""A Sightline server of the test's own: started on free ports, broken, looked into."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import time
import urllib.parse
from pathlib import Path
from typing import Any, Callable

REPOSITORY = Path(__file__).resolve().parents[3]
BINARY = os.environ.get("SIGHTLINE_BIN") or str(REPOSITORY / "build/release/sightline")
TRACES = "/api/v1/observability/traces"

START_SECONDS = 30
STOP_SECONDS = 20
POLL_SECONDS = 0.005


def clean_environment(**extra: str) -> dict[str, str]:
    """The caller's environment without what would configure a server."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SIGHTLINE_", "OTEL_"))}
    return kept | extra


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true answer of `condition`; AssertionError at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := condition():
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(POLL_SECONDS)


class ServerEnded(Exception):
    """The server ended where it should have served; holds its log."""


class Answer:
    """An HTTP answer that was read to its end."""

    def __init__(self, response: http.client.HTTPResponse):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self) -> Any:
        return json.loads(self.body)


def run_command(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """Runs `sightline ARGUMENTS` to its end."""
    return subprocess.run(
        [BINARY, *arguments],
        env=clean_environment() if env is None else env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def check(data_dir: Path) -> tuple[bool, str]:
    """`sightline check`: whether it found the directory clean, and what it printed."""
    done = run_command("check", "--data-dir", str(data_dir))
    return done.returncode == 0, done.stdout + done.stderr


class Server:
    """One data directory and, between start() and kill() or stop(), a server on it.

    Settings are flags: Server(dir, seal_rows=100) passes --seal-rows 100.
    """

    def __init__(self, data_dir: Path, **settings: Any):
        self.data_dir = data_dir
        self.settings = {"port": 0, "otlp_grpc_port": 0, "otlp_http_port": 0} | settings
        self.environment: dict[str, str] = {}  # Besides the caller's.
        self.process: subprocess.Popen | None = None
        self.ports: dict[str, int] = {}
        self.log_path = data_dir.with_name(data_dir.name + ".log")
        self._log_start = 0

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.kill()

    def spawn(self) -> None:
        """Starts the process and returns at once, for those who kill it while it starts."""
        command = [BINARY, "serve", "--data-dir", str(self.data_dir)]
        for name, value in self.settings.items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        self.ports = {}
        self._log_start = self.log_path.stat().st_size if self.log_path.exists() else 0
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                command,
                env=clean_environment(**self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def start(self) -> "Server":
        # A file of the last run would name ports that nothing listens on.
        (self.data_dir / "ports.json").unlink(missing_ok=True)
        self.spawn()
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        def is_ready() -> bool:
            if self.process.poll() is not None:
                raise ServerEnded(f"exit code {self.process.returncode}:\n{self.log()}")
            if not self.ports:
                with contextlib.suppress(FileNotFoundError):
                    self.ports = json.loads((self.data_dir / "ports.json").read_text())
            if not self.ports:
                return False
            try:
                return self.get("/readyz").status == 200
            except OSError:
                return False

        wait_until(is_ready, START_SECONDS, f"server ready; its log:\n{self.log()}")

    def wait_for_logged_ports(self) -> None:
        """For a server that listens and cannot write ports.json: the log names them, too."""
        pattern = re.compile(r"listening on http://[^ ]*:(\d+) \(OTLP/gRPC (\d+), OTLP/HTTP (\d+)\)")

        def last_ports() -> tuple[str, ...] | None:
            if self.process.poll() is not None:
                raise ServerEnded(f"exit code {self.process.returncode}:\n{self.log()}")
            found = pattern.search(self.log())
            return found.groups() if found else None

        ports = wait_until(last_ports, START_SECONDS, f"server listens; its log:\n{self.log()}")
        self.ports = dict(zip(("http", "otlp_grpc", "otlp_http"), map(int, ports)))

    def kill(self) -> None:
        """SIGKILL: what a crash does."""
        self.process.kill()
        self.process.wait()
        self.process = None

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """The exit code of a server that was told to stop."""
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop within {STOP_SECONDS} s:\n{self.log()}") from None
        self.process = None
        return code

    def stop(self) -> int:
        self.terminate()
        return self.wait()

    def log(self) -> str:
        """What the process that was started last has written, or the end of it."""
        with contextlib.suppress(FileNotFoundError), open(self.log_path, "rb") as file:
            file.seek(self._log_start)
            return file.read().decode(errors="replace")[-20_000:]
        return ""

    def get(self, path: str, **query: Any) -> Answer:
        """GET on the API port."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["http"], timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path)
            return Answer(connection.getresponse())

    def get_json(self, path: str, **query: Any) -> Any:
        answer = self.get(path, **query)
        if answer.status != 200:
            raise AssertionError(f"GET {path} {query}: {answer.status} {answer.body[:500]!r}")
        return answer.json()

    def trace(self, trace_id: bytes) -> dict[str, Any] | None:
        answer = self.get(f"{TRACES}/{trace_id.hex()}")
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise AssertionError(f"trace {trace_id.hex()}: {answer.status} {answer.body[:500]!r}")
        return answer.json()

    def list_traces(self, **query: Any) -> dict[str, Any]:
        return self.get_json(TRACES, count="exact", **query)

    def metrics(self) -> dict[str, float]:
        """Every sample of /metrics by name and labels as they are written."""
        text = self.get("/metrics").body.decode()
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def losses(self) -> dict[str, int]:
        """The loss table by name."""
        pattern = re.compile(r'sightline_loss_total\{name="(\w+)"')
        found = ((pattern.match(name), value) for name, value in self.metrics().items())
        return {match.group(1): int(value) for match, value in found if match}
