# SPDX-License-Identifier: Apache-2.0
"""Runs the examples of README.md: a block marked `send=NAME` sends a run of the agent NAME."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from repository import ROOT, Repository, clean_environment
from server import Server, get, wait_for

README = Repository().document("README.md")
DEFAULT_ENDPOINT = "http://127.0.0.1:4318"
JS_PACKAGES = os.path.join(ROOT, "test", "e2e", "clients", "node_modules")
VISIBLE_SECONDS = 10


def examples():
    return {block.options["send"]: block for block in README.blocks if "send" in block.options}


def packages_after(command):
    """What the document says to install: `pip install A B`."""
    return next(span for span in README.code_spans if span.startswith(command)).removeprefix(command).split()


class ExamplesTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="sightline-docs-")
        self.addCleanup(shutil.rmtree, self.directory)

    def send(self, name, command):
        """Runs the block with `command FILE` and looks for its run."""
        block = examples()[name]
        file_name = os.path.join(self.directory, "example.mjs" if block.language == "js" else "example")
        with Server() as server, open(file_name, "w", encoding="utf-8") as file:
            file.write(block.text.replace(DEFAULT_ENDPOINT, server.otlp_url))
            file.flush()
            environment = clean_environment(OTEL_EXPORTER_OTLP_ENDPOINT=server.otlp_url)
            outcome = subprocess.run([*command, file_name], env=environment, capture_output=True, text=True,
                                     check=False, timeout=60)
            self.assertEqual(0, outcome.returncode, outcome.stderr)
            runs = wait_for(lambda: self.runs(server), VISIBLE_SECONDS,
                            lambda: f"no run appeared; the example said:\n{outcome.stdout}{outcome.stderr}")
        self.assertEqual([(name, "completed", "agent")],
                         [(run["agent"], run["status"], run["spans"][0]["kind"]) for run in runs])

    def runs(self, server):
        status, _, body = get(f"{server.url}/api/v1/observability/traces?include=steps")
        self.assertEqual(200, status, body)
        return json.loads(body)["traces"]

    def test_every_block_is_run_or_checked(self):
        self.assertEqual({"hello-curl", "hello-js", "hello-python"}, set(examples()))
        for block in README.blocks:
            if "send" not in block.options:
                self.assertEqual("sh", block.language, block.text)
                self.assertRegex(block.text, re.compile(r"^(make|build/release/sightline) .*\n$"))

    def test_curl(self):
        self.send("hello-curl", ["sh", "-e"])

    def test_javascript(self):
        for package in packages_after("npm install "):
            if not os.path.isdir(os.path.join(JS_PACKAGES, package)):
                self.skipTest(f"{package} is not in {os.path.relpath(JS_PACKAGES, ROOT)}; run npm ci beside it")
        os.symlink(JS_PACKAGES, os.path.join(self.directory, "node_modules"))
        self.send("hello-js", ["node"])

    def test_python(self):
        venv = os.path.join(ROOT, "build", "docs", "venv")
        python = os.path.join(venv, "bin", "python")
        for command in ([sys.executable, "-m", "venv", "--clear", venv],
                        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                         *packages_after("pip install ")]):
            outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
            if outcome.returncode != 0:
                last = (outcome.stderr or outcome.stdout).strip().splitlines() or ["no message"]
                self.skipTest(f"cannot install the packages: {last[-1]}")
        self.send("hello-python", [python])


if __name__ == "__main__":
    unittest.main()
