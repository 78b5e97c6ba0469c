# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class LiveSpanStats:
    """What became of the spans that started.

    Every one is in exactly one of the first six. Spans that the sampler left out are in none.
    """

    waiting: int = 0
    """To be sent, or being sent."""
    sent: int = 0
    ended_first: int = 0
    """Ended before their turn: the real span says it all."""
    filtered: int = 0
    """Not wanted by the filter."""
    dropped: int = 0
    """The queue was full, or the processor was shut down."""
    rejected: int = 0
    """Not taken by the receiver or the exporter."""
    omitted_attributes: int = 0
    """Attributes that were too long to be sent early."""
    failed_exports: int = 0
    """Batches that did not arrive, whether they are tried again or not."""
    errors: int = 0
    """Errors that were swallowed, e.g. in a filter function."""
    last_error: Optional[str] = None
    """The reason of the newest failed export or error."""
