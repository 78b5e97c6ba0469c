# SPDX-License-Identifier: Apache-2.0
"""Bytes a span takes on disk, and what keeping equal messages once is worth."""

from harness import Budget, Figure, Server, load

TITLE = "Disk after sealing: size of the day files over spans"
ORDER = 30


def _bytes_per_span(options, spans, **load_options):
    server = Server(options)
    server._owns_data = False  # Measured after the stop, deleted with the work directory.
    try:
        report = load(server, spans=spans, **load_options)
    finally:
        server.stop()
    return server.disk_bytes() / report["spans"], report["bytes"] / report["spans"]


def measure(options):
    spans = 70_000 if options.quick else 250_000
    for content, budget in (("shared", Budget(250)), ("unique", None)):
        stored, sent = _bytes_per_span(options, spans, shape="agent", content=content)
        yield Figure(f"runs of an agent ({content} history), {sent / 1000:.1f} KB sent", stored, "B/span",
                     budget)
    # Conversations of 15 turns: each turn repeats all before it.
    spans = 30_000 if options.quick else 120_000
    shared, sent = _bytes_per_span(options, spans, shape="conversation", content="shared")
    yield Figure(f"conversations of 15 turns, {sent / 1000:.1f} KB sent", shared, "B/span")
    for content, budget, note in (
            ("salted", Budget(4, "min"), "every copy differs in 8 characters: the compressor finds it, the "
                                         "content store does not"),
            ("unique", None, "every copy is another text of the same length")):
        stored, _ = _bytes_per_span(options, spans, shape="conversation", content=content)
        yield Figure(f"the same without sharing ({content})", stored, "B/span", None, note)
        yield Figure(f"ratio to sharing ({content})", stored / shared, "times", budget)
