# SPDX-License-Identifier: Apache-2.0
"""What the sections of bench/run share: a server of their own, the load generator, figures.

Costs are told in CPU time of the server process over work done, because that changes little when the
machine is busy with something else. Latencies are wall clock and do change.
"""

import contextlib
import dataclasses
import http.client
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("SIGHTLINE_BUILD", ROOT / "build" / "release"))
SERVER = pathlib.Path(os.environ.get("SIGHTLINE_BIN", BUILD / "sightline"))
LOAD = BUILD / "bench" / "sightline_load"
OBSERVABILITY = "/api/v1/observability"

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Budget:
    """A limit of the design. `side` is "max" (at most) or "min" (at least)."""

    limit: float
    side: str = "max"

    def holds(self, value):
        return value <= self.limit if self.side == "max" else value >= self.limit


@dataclasses.dataclass(frozen=True)
class Figure:
    """One line of the table. Without a budget it is there for information."""

    what: str
    value: float
    unit: str
    budget: Budget | None = None
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Options:
    quick: bool
    spans: int          # Of the large store.
    work_dir: pathlib.Path
    keep: bool


def percentile(values, share):
    """The smallest value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def progress(text):
    import sys
    print(f"  {text}", file=sys.stderr, flush=True)


def wait_until(condition, what, seconds):
    """Polls until the condition gives something true, which is returned."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)


class Api:
    """HTTP to one port, on one connection."""

    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def request(self, method, path, body=None, headers=None):
        """Status and body."""
        self._connection.request(method, path, body=body, headers=headers or {})
        response = self._connection.getresponse()
        return response.status, response.read()

    def get_json(self, path):
        status, body = self.request("GET", path)
        if status != 200:
            raise RuntimeError(f"GET {path}: status {status}: {body[:300]!r}")
        return json.loads(body)

    def close(self):
        self._connection.close()


class Server:
    """A real server on free ports, in a directory that is its own unless one is given."""

    def __init__(self, options, data_dir=None, flags=(), keep_data=False):
        self.data_dir = pathlib.Path(data_dir or tempfile.mkdtemp(prefix="store-", dir=options.work_dir))
        self._owns_data = data_dir is None and not options.keep and not keep_data
        self._log = open(self.data_dir.with_name(self.data_dir.name + ".log"), "ab")
        ports_file = self.data_dir / "ports.json"
        ports_file.unlink(missing_ok=True)
        self.started_at = begun = time.monotonic()
        self._process = subprocess.Popen(
            [SERVER, "serve", "--data-dir", self.data_dir, "--port", "0", "--otlp-grpc-port", "0",
             "--otlp-http-port", "0", *flags], stdout=self._log, stderr=self._log)
        self.pid = self._process.pid
        self.ports = wait_until(lambda: self._read_ports(ports_file), "the start of the server", 120)
        self.api = Api(self.ports["http"])
        wait_until(lambda: self.api.request("GET", "/readyz")[0] == 200, "readiness", 120)
        self.start_seconds = time.monotonic() - begun

    def _read_ports(self, path):
        if self._process.poll() is not None:
            raise RuntimeError(f"the server ended with {self._process.returncode}; see {self._log.name}")
        try:
            return json.loads(path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def cpu_seconds(self):
        """User and system time of the process so far."""
        return sum(_stat_times(f"/proc/{self.pid}/stat"))

    def thread_cpu_seconds(self):
        """The same by thread name."""
        times = {}
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                name = (task / "comm").read_text().strip()
                times[name] = times.get(name, 0) + sum(_stat_times(task / "stat"))
        return times

    def memory(self, field):
        """VmRSS (now) or VmHWM (peak), in bytes."""
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
        raise KeyError(field)

    def metric(self, name):
        """One sample of /metrics."""
        for line in self.api.request("GET", "/metrics")[1].decode().splitlines():
            if line.startswith(name + " "):
                return float(line.rsplit(" ", 1)[1])
        raise KeyError(name)

    def wait_until_sealed(self, seconds=120):
        wait_until(lambda: self.metric("sightline_store_unsealed_rows") == 0, "sealing", seconds)

    def stop(self):
        """Ends the server, which seals what it holds. Returns the CPU time of its whole life."""
        if self._process is None:
            return None
        self.api.close()
        self._process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._process = None
        self._log.close()
        if self._owns_data:
            shutil.rmtree(self.data_dir)
        if os.waitstatus_to_exitcode(status) != 0:
            raise RuntimeError(f"the server ended with {os.waitstatus_to_exitcode(status)}")
        return usage.ru_utime + usage.ru_stime

    def disk_bytes(self):
        """Size of the day files."""
        return sum(file.stat().st_size for file in (self.data_dir / "days").rglob("*") if file.is_file())


def _stat_times(path):
    # The command may hold spaces and brackets; the fields after its last bracket do not.
    fields = pathlib.Path(path).read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) / _TICKS, int(fields[12]) / _TICKS


_seeds = iter(range(1, 1_000_000))


def load(server, protocol="grpc", **options):
    """Runs the load generator and returns its report. Each run sends other trace ids."""
    port = server.ports["otlp_grpc" if protocol == "grpc" else "otlp_http"]
    command = [str(LOAD), "--target", f"127.0.0.1:{port}", "--protocol", protocol, "--seed",
               str(next(_seeds))]
    for name, value in options.items():
        command += ["--" + name.replace("_", "-"), str(value)]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {result.returncode}: {result.stdout}")
    return json.loads(result.stdout)


def drop_from_page_cache(directory):
    """What a process maps stays."""
    for path in directory.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


class LoadInBackground:
    """The same while the caller does something else."""

    def __init__(self, server, **options):
        self._report = None
        self._error = None
        self._thread = threading.Thread(target=self._run, args=(server, options))
        self._thread.start()

    def _run(self, server, options):
        try:
            self._report = load(server, **options)
        except RuntimeError as error:
            self._error = error

    def is_running(self):
        return self._thread.is_alive()

    def report(self):
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._report


def timed(call, count, before=None):
    """How many milliseconds each of `count` calls took; the first is not counted."""
    call(0)
    times = []
    for number in range(count):
        if before is not None:
            before()
        begun = time.perf_counter()
        call(number)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def time_calls(server, what, call, count, budget, before=None):
    """The median, and the 95th percentile against the budget, of `count` calls, with their CPU time."""
    cpu = server.cpu_seconds()
    times = timed(call, count, before)
    cpu_ms = (server.cpu_seconds() - cpu) / (count + 1) * 1000
    yield Figure(f"{what}, p50", percentile(times, 0.5), "ms")
    yield Figure(f"{what}, p95", percentile(times, 0.95), "ms", budget,
                 f"of {len(times)}; {cpu_ms:.1f} ms of CPU time each")
