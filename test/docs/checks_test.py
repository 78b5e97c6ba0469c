# SPDX-License-Identifier: Apache-2.0
"""The checks find what is wrong, and only that."""

import unittest

import checks
import markdown


class FakeRepository:
    files = {"README.md", "docs", "docs/page.md", "src", "src/base", "src/base/loss.h", "tools", "tools/setup"}
    npm_scripts = {"build": "vite build"}

    def exists(self, path):
        return path.rstrip("/") in self.files

    def is_ignored(self, path):
        return path.startswith("build/")

    def document(self, path):
        return markdown.parse(path, "# One heading, `code`\n")

    def problems_of_target(self, target):
        return [] if target == "test" else ["no rule"]


def problems(check, text, *more, path="docs/page.md"):
    return list(check(markdown.parse(path, text), *more))


class MarkdownTest(unittest.TestCase):
    def test_blocks_have_language_options_and_text(self):
        document = markdown.parse("a.md", "before\n```sh send=x\nls\n```\nafter\n````\n```\n````\n")
        self.assertEqual((markdown.Block("sh", {"send": "x"}, "ls\n"), markdown.Block("", {}, "```\n")), document.blocks)
        self.assertEqual("before\nafter\n", document.prose)

    def test_an_open_block_is_an_error(self):
        with self.assertRaises(ValueError):
            markdown.parse("a.md", "```sh\nls\n")

    def test_code_spans_may_break_over_a_line(self):
        self.assertEqual(["make test", "x"], markdown.parse("a.md", "`make\n test` and `x`\n").code_spans)

    def test_links_in_code_are_no_links(self):
        self.assertEqual(["b.md", "c.png"], markdown.parse("a.md", "[b](b.md) ![c](c.png) `[d](d.md)`\n").links)


class ChecksTest(unittest.TestCase):
    repository = FakeRepository()

    def test_links(self):
        text = "[a](../README.md) [b](gone.md) [c](page.md#one-heading-code) [d](page.md#gone) [e](https://x.example)\n"
        self.assertEqual(["the link gone.md leads nowhere", "the link page.md#gone names no heading"],
                         problems(checks.broken_links, text, self.repository))

    def test_paths(self):
        text = ("`base/loss.h` `src/base/` `src/gone` `scripts/gone.py` `build/x` `application/json` `/api`\n"
                "```sh\ntools/setup tools/gone\n```\n")
        self.assertEqual(["the path src/gone does not exist", "the path scripts/gone.py does not exist",
                          "the path tools/gone does not exist"], problems(checks.missing_paths, text, self.repository))

    def test_targets_and_scripts(self):
        text = "make believe `make test` `make tests` `npm run build`\n```\nnpm run gone\n```\n"
        self.assertEqual(["make tests: no rule", "npm run gone: web/package.json has no such script"],
                         problems(checks.missing_targets, text, self.repository))

    def test_flags(self):
        text = "`sightline serve --port 0` `sightline serve --gone` `sightline gone` `--port` `--fix` `--nothing`\n"
        self.assertEqual(["sightline serve has no flag --gone", "sightline gone: no such command",
                          "nothing takes the flag --nothing"],
                         problems(checks.unknown_flags, text, {"serve": {"--port"}}, lambda flag: flag == "--fix"))

    def test_variables(self):
        self.assertEqual(["nothing reads the variable SIGHTLINE_GONE"],
                         problems(checks.unknown_variables, "SIGHTLINE_PORT `SIGHTLINE_GONE`\n",
                                  lambda name: name == "SIGHTLINE_PORT"))

    def test_identifiers(self):
        text = "`model::Span` `useTrace` `Gone::Known` Prose `snake_case`\n```\nnet::HttpGone words\n```\n"
        self.assertEqual(["no source knows the name Gone", "no source knows the name HttpGone"],
                         problems(checks.unknown_identifiers, text, {"Span", "useTrace", "Known"}.__contains__))

    def test_url_paths(self):
        self.assertEqual(["/api/v1", "/"], checks.url_paths(markdown.parse("a.md", "`/api/v1` `/a/<id>` `/` `a/b`\n")))

    def test_packages(self):
        self.assertEqual(["NOTICE does not list react"], checks.unlisted_packages("react-dom, @x/react", ["react", "react-dom"]))


if __name__ == "__main__":
    unittest.main()
