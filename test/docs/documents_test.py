# SPDX-License-Identifier: Apache-2.0
"""Every document of the repository: what it names is there."""

import json
import os
import tempfile
import unittest

import checks
from repository import BINARY, ROOT, Repository, flags_of_commands, run
from server import Server, get

REPOSITORY = Repository()
BAD_USAGE = 2  # The exit code for a wrong command line or configuration.
# Pages that follow the code by name. Others quote packages, styles and file formats.
FOLLOW_THE_CODE = ("ARCHITECTURE.md", "docs/", "src/README.md")


class DocumentsTest(unittest.TestCase):
    def assert_all(self, check, is_wanted=lambda document: True):
        """`check` gives the problems of one document."""
        wanted = [document for document in REPOSITORY.documents if is_wanted(document)]
        self.assertTrue(wanted)
        self.assertEqual([], [f"{document.path}: {problem}" for document in wanted for problem in check(document)])

    def test_links_lead_somewhere(self):
        self.assert_all(lambda document: checks.broken_links(document, REPOSITORY))

    def test_paths_exist(self):
        # The folder table is tools/check_layers' business; it also names folders that are to come.
        self.assert_all(lambda document: checks.missing_paths(document, REPOSITORY),
                        lambda document: document.path != "src/README.md")

    def test_targets_and_scripts_exist(self):
        self.assert_all(lambda document: checks.missing_targets(document, REPOSITORY))

    def test_commands_take_the_flags(self):
        self.assertEqual({"serve", "check", "backup", "demo", "version"}, set(flags_of_commands()))
        self.assert_all(lambda document: checks.unknown_flags(
            document, flags_of_commands(),
            lambda flag: flag.startswith("--gtest") or REPOSITORY.has_word(flag)))

    def test_variables_are_read_by_something(self):
        settings = run(BINARY, "serve", "--help-markdown").stdout
        self.assert_all(lambda document: checks.unknown_variables(
            document, lambda name: f"`{name}`" in settings or REPOSITORY.has_word(name)))

    def test_names_are_in_the_code(self):
        self.assert_all(
            lambda document: checks.unknown_identifiers(
                document, lambda name: REPOSITORY.has_word(name, "src", "web/src", "test/golden")),
            lambda document: document.path.startswith(FOLLOW_THE_CODE))

    def test_url_paths_are_served(self):
        with Server() as server:
            def problems(document):
                for path in checks.url_paths(document):
                    base = server.otlp_url if path.startswith("/v1/") else server.url
                    status, media_type, _ = get(base + path)
                    is_page = media_type == "text/html"  # What every unknown path gets.
                    is_served = status != 404 and not is_page
                    if not is_served and not any(REPOSITORY.has_word(quote + path + quote, "src", "web/src")
                                                 for quote in "\"'"):
                        yield f"{path} is not served"
            self.assert_all(problems)

    def test_configuration_page_is_current(self):
        outcome = run("tools/update_docs", "--check")
        self.assertEqual(0, outcome.returncode, outcome.stdout + outcome.stderr)

    def test_configuration_files_are_accepted(self):
        blocks = [block for document in REPOSITORY.documents for block in document.blocks if block.language == "toml"]
        self.assertTrue(blocks)
        for block in blocks:
            with tempfile.TemporaryDirectory() as directory:
                path = os.path.join(directory, "sightline.toml")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(block.text)
                outcome = run(BINARY, "check", "--config", path, "--data-dir", os.path.join(directory, "none"))
                self.assertNotEqual(BAD_USAGE, outcome.returncode, outcome.stderr)

    def test_notice_lists_what_the_pages_are_made_of(self):
        with open(os.path.join(ROOT, "web", "package-lock.json"), encoding="utf-8") as file:
            packages = json.load(file)["packages"]
        bundled = [path.removeprefix("node_modules/") for path, package in packages.items()
                   if path and not package.get("dev") and "/@types/" not in f"/{path}"]
        self.assertIn("react", bundled)
        with open(os.path.join(ROOT, "NOTICE"), encoding="utf-8") as file:
            notice = file.read()
        self.assertEqual([], checks.unlisted_packages(notice, bundled))


if __name__ == "__main__":
    unittest.main()
