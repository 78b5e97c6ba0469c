# SPDX-License-Identifier: Apache-2.0
"""A server of its own on free ports, for a scope."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from repository import BINARY, clean_environment

START_SECONDS = 30
STOP_SECONDS = 20


def wait_for(condition, seconds, describe):
    """The first answer of `condition` that is true; asks again until the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(describe())
        time.sleep(0.02)


def get(url):
    """Status, media type and body, whatever the status."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.headers.get_content_type(), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read()


class Server:
    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="sightline-docs-")
        self.log = open(os.path.join(self.directory, "log"), "w+b")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data-dir", os.path.join(self.directory, "data"), "--port", "0", "--otlp-grpc-port",
             "0", "--otlp-http-port", "0"], stdout=self.log, stderr=self.log,
            env=clean_environment())
        try:
            ports = wait_for(self._ports, START_SECONDS, lambda: f"the server did not start:\n{self._log_text()}")
        except BaseException:
            self._end()
            raise
        self.url = f"http://127.0.0.1:{ports['http']}"
        self.otlp_url = f"http://127.0.0.1:{ports['otlp_http']}"
        return self

    def __exit__(self, *_):
        status = self._end()
        if status != 0:
            raise AssertionError(f"the server ended with status {status}")

    def _ports(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with status {self.process.returncode}:\n{self._log_text()}")
        try:
            with open(os.path.join(self.directory, "data", "ports.json"), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def _log_text(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def _end(self):
        self.process.terminate()
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        return status
