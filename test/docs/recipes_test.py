# SPDX-License-Identifier: Apache-2.0
"""Runs the recipes of the web interface: what a page offers to be pasted sends a run that can be read."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from repository import ROOT, clean_environment
from server import Server, get, wait_for

FOLDER = os.path.join(ROOT, "web", "src", "parts", "setup", "recipes")
USUAL_OTLP = "http://127.0.0.1:4318"
USUAL_WEB = "http://127.0.0.1:8000"
JS_PACKAGES = os.path.join(ROOT, "test", "e2e", "clients", "node_modules")
INTEROP_JS_PACKAGES = os.path.join(ROOT, "build", "interop", "js", "node_modules")
INSTALL_SECONDS = 300
RUN_SECONDS = 120
VISIBLE_SECONDS = 10

with open(os.path.join(FOLDER, "recipes.json"), encoding="utf-8") as listed:
    RECIPES = {recipe["id"]: recipe for recipe in json.load(listed)}


def code_of(recipe):
    with open(os.path.join(FOLDER, recipe["file"]), encoding="utf-8") as file:
        return file.read()


class FakeProvider(BaseHTTPRequestHandler):
    """Answers each chat with one sentence, as OpenAI's API for chat completions does."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": "Rain, 9 degrees."}
        body = json.dumps({
            "id": "chat-1", "object": "chat.completion", "created": 1, "model": "gpt-4.1-mini",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 42, "completion_tokens": 7, "total_tokens": 49},
        }).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class RecipesTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="sightline-recipes-")
        self.addCleanup(shutil.rmtree, self.directory)

    def start_provider(self):
        provider = ThreadingHTTPServer(("127.0.0.1", 0), FakeProvider)
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        self.addCleanup(provider.server_close)
        self.addCleanup(provider.shutdown)
        return f"http://127.0.0.1:{provider.server_port}/v1"

    def play(self, recipe_id, program, file_name, **environment):
        """Runs the code of a recipe; what it said, and the runs that the server has then."""
        recipe = RECIPES[recipe_id]
        path = os.path.join(self.directory, file_name)
        with Server() as server:
            text = code_of(recipe).replace(USUAL_OTLP, server.otlp_url).replace(USUAL_WEB, server.url)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            outcome = subprocess.run([*program, path], env=clean_environment(**environment), capture_output=True,
                                     text=True, check=False, timeout=RUN_SECONDS)
            self.assertEqual(0, outcome.returncode, outcome.stderr)
            runs = wait_for(lambda: self.runs(server), VISIBLE_SECONDS,
                            lambda: f"no run appeared; the recipe said:\n{outcome.stdout}{outcome.stderr}")
            link = f"{server.url}/runs/{runs[0]['trace_id']}"
        return outcome.stdout.strip(), link, runs

    def runs(self, server):
        status, _, body = get(f"{server.url}/api/v1/observability/traces?include=steps")
        self.assertEqual(200, status, body)
        return json.loads(body)["traces"]

    def python_with(self, recipe_id):
        """A Python that has the packages of a recipe, installed as the recipe says."""
        venv = os.path.join(ROOT, "build", "recipes", recipe_id)
        python = os.path.join(venv, "bin", "python")
        packages = [name.strip("'") for name in RECIPES[recipe_id]["install"].removeprefix("pip install ").split()]
        for command in ([sys.executable, "-m", "venv", venv],
                        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]):
            try:
                outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
            except subprocess.TimeoutExpired:
                self.skipTest(f"the packages of {recipe_id} were not installed in {INSTALL_SECONDS} s")
            if outcome.returncode != 0:
                last = (outcome.stderr or outcome.stdout).strip().splitlines() or ["no message"]
                self.skipTest(f"cannot install the packages of {recipe_id}: {last[-1]}")
        return python

    def assert_whole(self, said, link, runs):
        """An agent with a tool and a model call whose words, tokens and cost can be read."""
        self.assertEqual([link], said.splitlines()[-1:])
        self.assertEqual([("weather", "completed", 49)],
                         [(run["agent"], run["status"], run["total_tokens"]) for run in runs])
        self.assertEqual(["agent", "llm", "tool"], sorted(span["kind"] for span in runs[0]["spans"]))
        self.assertEqual("priced", runs[0]["cost_status"])

    def test_every_recipe_is_well_formed(self):
        readers = {"json": json.loads, "toml": tomllib.loads, "python": ast.parse}
        self.assertEqual(sorted(os.listdir(FOLDER)),
                         sorted(["recipes.json", *(recipe["file"] for recipe in RECIPES.values())]))
        for recipe in RECIPES.values():
            with self.subTest(recipe["id"]):
                code = code_of(recipe)
                self.assertIn(USUAL_OTLP, code)
                readers.get(recipe["language"], str)(code)

    def test_python(self):
        self.assert_whole(*self.play("otel-python", [self.python_with("otel-python")], "agent.py"))

    def test_javascript(self):
        for package in RECIPES["otel-js"]["install"].removeprefix("npm install ").split():
            if not os.path.isdir(os.path.join(JS_PACKAGES, package)):
                self.skipTest(f"{package} is not in {os.path.relpath(JS_PACKAGES, ROOT)}; run npm ci beside it")
        os.symlink(JS_PACKAGES, os.path.join(self.directory, "node_modules"))
        self.assert_whole(*self.play("otel-js", ["node"], "agent.mjs"))

    def test_shell_settings_are_understood(self):
        outcome = subprocess.run(["sh", "-n", os.path.join(FOLDER, RECIPES["claude-code"]["file"])],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(0, outcome.returncode, outcome.stderr)

    def test_langchain(self):
        if not os.environ.get("SIGHTLINE_RECIPES"):
            self.skipTest("SIGHTLINE_RECIPES is not set: the packages of frameworks are some hundred megabytes")
        python = self.python_with("langchain")
        _, _, runs = self.play("langchain", [python], "agent.py", OPENAI_API_KEY="none",
                               OPENAI_BASE_URL=self.start_provider())
        self.assertEqual([("weather", 49)], [(run["agent"], run["total_tokens"]) for run in runs])

    def test_pydantic_ai(self):
        if not os.environ.get("SIGHTLINE_RECIPES"):
            self.skipTest("SIGHTLINE_RECIPES is not set: the packages of frameworks are some hundred megabytes")
        python = self.python_with("pydantic-ai")
        _, _, runs = self.play("pydantic-ai", [python], "agent.py", OPENAI_API_KEY="none",
                               OPENAI_BASE_URL=self.start_provider())
        self.assertEqual([("weather", 49)], [(run["agent"], run["total_tokens"]) for run in runs])


if __name__ == "__main__":
    unittest.main()
