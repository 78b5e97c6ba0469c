# SPDX-License-Identifier: Apache-2.0
"""Reads as much Markdown as the documents use: fenced blocks, code spans, links and headings."""

import dataclasses
import os
import re

FENCE = re.compile(r"^(```+)(.*)$")
CODE_SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.*?) *$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Block:
    """A fenced block. `options` are the words after the language: `send=hello` is {"send": "hello"}."""

    language: str
    options: dict
    text: str


@dataclasses.dataclass(frozen=True)
class Document:
    """A Markdown file. `prose` is its text without the fenced blocks."""

    path: str
    blocks: tuple
    prose: str

    @property
    def folder(self):
        return os.path.dirname(self.path)

    @property
    def code_spans(self):
        return [" ".join(span.split()) for span in CODE_SPAN.findall(self.prose)]

    @property
    def links(self):
        """Targets of links and images; what only looks like one in a code span is none."""
        return LINK.findall(CODE_SPAN.sub("", self.prose))

    @property
    def anchors(self):
        """What #fragments may name, as GitHub makes them from headings."""
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
                for heading in HEADING.findall(self.prose)}

    @property
    def code_texts(self):
        """Everything that is set as code."""
        return self.code_spans + [block.text for block in self.blocks]


def parse(path, text):
    blocks, prose, fence, lines = [], [], None, []
    for line in text.splitlines():
        match = FENCE.match(line)
        if fence is None and match:
            fence, lines = match, []
        elif fence is not None and match and match.group(2) == "" and len(match.group(1)) >= len(fence.group(1)):
            language, *words = fence.group(2).split() or [""]
            options = dict(word.partition("=")[::2] for word in words)
            blocks.append(Block(language, options, "\n".join(lines) + "\n"))
            fence = None
        elif fence is not None:
            lines.append(line)
        else:
            prose.append(line)
    if fence is not None:
        raise ValueError(f"{path}: a fenced block is not closed")
    return Document(path, tuple(blocks), "\n".join(prose) + "\n")


def read(path):
    with open(path, encoding="utf-8") as file:
        return parse(path, file.read())
