# SPDX-License-Identifier: Apache-2.0
"""What a document says about the repository, held against it. Each check gives sentences about what is wrong."""

import os
import re

IDENTIFIER = re.compile(r"\b(?:[A-Z][a-z0-9]+\w*|[a-z][a-z0-9]*[A-Z]\w*)\b")
QUALIFIED = re.compile(r"\b[a-z_]+::(\w+)")
VARIABLE = re.compile(r"\bSIGHTLINE_[A-Z][A-Z_]*[A-Z]\b")
PATH = re.compile(r"^\.?[\w-]+(?:/[\w.-]+)*/?$")
# Whatever ends like this is meant as a file or folder of ours, also when its first folder is gone.
FILE = re.compile(r"(/|\.(cc|h|py|sh|mjs|ts|tsx|css|md|json|yaml|txt))$")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
NPM_RUN = re.compile(r"\bnpm run ([\w:-]+)")
COMMAND = re.compile(r"(?:^|[\s/])sightline ([a-z]+)((?: +[^\s|;&]+)*)", re.MULTILINE)
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def broken_links(document, repository):
    for target in document.links:
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        resolved = os.path.normpath(os.path.join(document.folder, path)) if path else document.path
        if not repository.exists(resolved):
            yield f"the link {target} leads nowhere"
        elif anchor and anchor not in repository.document(resolved).anchors:
            yield f"the link {target} names no heading"


def missing_paths(document, repository):
    """Code spans, and words of shell blocks, that name a file or folder: from the root, the document's folder or src/."""
    words = list(document.code_spans)
    for block in document.blocks:
        if block.language == "sh":
            words += block.text.split()
    bases = ["", document.folder, "src"]
    for word in words:
        if "/" not in word or not PATH.match(word):
            continue
        is_meant = FILE.search(word) or any(
            repository.exists(os.path.join(base, word.split("/")[0])) for base in bases)
        candidates = [os.path.join(base, word) for base in bases]
        if is_meant and not any(repository.exists(path) or repository.is_ignored(path) for path in candidates):
            yield f"the path {word} does not exist"


def missing_targets(document, repository):
    for text in document.code_texts:
        for target in MAKE.findall(text):
            yield from (f"make {target}: {problem}" for problem in repository.problems_of_target(target))
        for script in NPM_RUN.findall(text):
            if script not in repository.npm_scripts:
                yield f"npm run {script}: web/package.json has no such script"


def unknown_flags(document, flags_of, is_known_elsewhere):
    """`flags_of` gives the flags of each subcommand; a flag that stands alone may be any tool's."""
    for text in document.code_texts:
        for subcommand, rest in COMMAND.findall(text):
            if subcommand not in flags_of:
                yield f"sightline {subcommand}: no such command"
                continue
            for flag in FLAG.findall(rest):
                if flag not in flags_of[subcommand]:
                    yield f"sightline {subcommand} has no flag {flag}"
    every_flag = set().union(*flags_of.values())
    for span in document.code_spans:
        match = FLAG.match(span)
        if match and match.group() not in every_flag and not is_known_elsewhere(match.group()):
            yield f"nothing takes the flag {match.group()}"


def unknown_variables(document, is_known):
    for variable in sorted(set(VARIABLE.findall("\n".join([document.prose, *document.code_texts])))):
        if not is_known(variable):
            yield f"nothing reads the variable {variable}"


def unknown_identifiers(document, is_known):
    """Names of classes and functions, in code spans and, with their namespace, in pictures."""
    names = [name for span in document.code_spans for name in IDENTIFIER.findall(span)]
    for block in document.blocks:
        if block.language == "":
            names += QUALIFIED.findall(block.text)
    for name in sorted(set(names)):
        if not is_known(name):
            yield f"no source knows the name {name}"


def url_paths(document):
    """Paths of the server: code spans that begin with a slash and have no part to fill in."""
    return [span for span in document.code_spans if re.match(r"^/[\w./-]*$", span)]


def unlisted_packages(notice, packages):
    return [f"NOTICE does not list {name}" for name in packages
            if not re.search(rf"(?<![\w/-]){re.escape(name)}(?![\w/-])", notice)]
