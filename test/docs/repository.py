# SPDX-License-Identifier: Apache-2.0
"""The checkout that the documents speak of."""

import functools
import json
import os
import re
import subprocess

from markdown import read

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("SIGHTLINE_BIN") or os.path.join(ROOT, "build", "release", "sightline")


def clean_environment(**more):
    """The environment without what would steer a server, an SDK or a make below this one."""
    ours = ("OTEL_", "SIGHTLINE_", "MAKE", "MFLAGS")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)} | more


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


class Repository:
    def exists(self, path):
        return os.path.exists(os.path.join(ROOT, path))

    @functools.cache
    def is_ignored(self, path):
        """Made by a build, so it need not be there."""
        return run("git", "check-ignore", "--quiet", path).returncode == 0

    @functools.cache
    def document(self, path):
        document = read(os.path.join(ROOT, path))
        return type(document)(path, document.blocks, document.prose)

    @functools.cached_property
    def documents(self):
        """Every Markdown file that git tracks or would."""
        listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md").stdout
        return [self.document(path) for path in sorted(set(listed.splitlines())) if self.exists(path)]

    @functools.cached_property
    def npm_scripts(self):
        with open(os.path.join(ROOT, "web", "package.json"), encoding="utf-8") as file:
            return json.load(file)["scripts"]

    @functools.cache
    def problems_of_target(self, target):
        """A target must be there, and so must the files of ours that its recipe runs."""
        planned = subprocess.run(["make", "--dry-run", "--no-print-directory", target], cwd=ROOT,
                                 env=clean_environment(), capture_output=True, text=True, check=False, timeout=60)
        if planned.returncode != 0:
            return [planned.stderr.strip().splitlines()[-1]]
        scripts = re.findall(r"(?<![\w./-])(?:tools|test|fuzz|bench|\.ci)/[\w./-]+", planned.stdout)
        return [f"its recipe runs {path}, which does not exist" for path in scripts if not self.exists(path)]

    @functools.cache
    def has_word(self, word, *folders):
        """Whether a file that is not a document has the word, below the folders or anywhere."""
        found = run("git", "grep", "--untracked", "--quiet", "--fixed-strings", "--word-regexp", "-e", word, "--",
                    *(folders or (".",)), ":!*.md", ":!test/docs")
        return found.returncode == 0


@functools.cache
def flags_of_commands():
    """The flags of each subcommand, as the program's own help lists them."""
    listed = run(BINARY, "--help").stdout.partition("Subcommands:")[2]
    commands = re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)
    return {command: frozenset(re.findall(r"--[a-z][a-z-]*", run(BINARY, command, "--help").stdout)) |
            {"--help-markdown"} for command in commands}
