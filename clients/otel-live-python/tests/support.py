# SPDX-License-Identifier: Apache-2.0
"""What several tests share. Import it first: it skips the module that has no SDK."""

import json
import pathlib
import sys
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DEADLINE_SECONDS = 10
POLL_SECONDS = 0.005

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src"))
try:
    import opentelemetry.sdk.trace  # noqa: F401
except ImportError as error:
    raise unittest.SkipTest(
        "opentelemetry-sdk is not installed: pip install -r requirements-test.txt"
    ) from error


def until(condition, describe=lambda: "the condition never held"):
    """Waits until `condition` answers something, and answers that."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(describe())
        time.sleep(POLL_SECONDS)


class Receiver:
    """Receives OTLP/HTTP JSON on a free port.

    `answers` is what it replies: status, headers and body, the last one for ever. While `gate` is
    clear, it does not answer at all.
    """

    def __init__(self):
        self.requests = []
        self.answers = [(200, {}, b"{}")]
        self.gate = threading.Event()
        self.gate.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers["content-length"])
                body = json.loads(self.rfile.read(size))
                receiver.requests.append((self.path, dict(self.headers), body))
                receiver.gate.wait(DEADLINE_SECONDS)
                answers = receiver.answers
                status, headers, text = answers.pop(0) if len(answers) > 1 else answers[0]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_):
                pass  # A client that gave up.

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def spans(self):
        return [
            span
            for _, _, body in list(self.requests)
            for of_resource in body["resourceSpans"]
            for of_scope in of_resource["scopeSpans"]
            for span in of_scope["spans"]
        ]

    def names(self):
        return [span["name"] for span in self.spans()]

    def stop(self):
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
