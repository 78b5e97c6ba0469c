# SPDX-License-Identifier: Apache-2.0
"""Shows OpenTelemetry spans when they start, not only when they end."""

from sightline_otel_live._filter import SpanFilter
from sightline_otel_live._processor import LiveSpanProcessor
from sightline_otel_live._stats import LiveSpanStats

__all__ = ["LiveSpanProcessor", "LiveSpanStats", "SpanFilter"]
