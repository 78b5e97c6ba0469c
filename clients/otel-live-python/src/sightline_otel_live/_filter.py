# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Callable, Literal, Union

from opentelemetry.sdk.trace import ReadableSpan

SpanFilter = Union[Literal["all", "gen_ai"], Callable[[ReadableSpan], bool]]
"""`gen_ai`: only spans of models, agents, tools and the like; or a function that says true."""

# Attributes that only instrumentation of AI programs sets.
_PREFIXES = (
    "gen_ai.",
    "openinference.",
    "llm.",
    "traceloop.",
    "ai.operationId",
    "ai.model.",
    "langfuse.",
    "langsmith.",
    "mlflow.",
    "pydantic_ai.",
    "gcp.vertex.agent.",
    "mcp.",
)

# Scopes of instrumentation whose spans do not all have such an attribute when they start.
_SCOPES = frozenset(
    {
        "ai",
        "gen_ai",
        "pydantic-ai",
        "langfuse-sdk",
        "langsmith",
        "gcp.vertex.agent",
        "strands.telemetry.tracer",
        "agent_framework",
        "autogen-core",
    }
)


def matches(span_filter: SpanFilter, span: ReadableSpan) -> bool:
    if callable(span_filter):
        return span_filter(span)
    return span_filter == "all" or _is_gen_ai(span)


def _is_gen_ai(span: ReadableSpan) -> bool:
    scope = span.instrumentation_scope
    if scope is not None and scope.name in _SCOPES:
        return True
    return any(key.startswith(_PREFIXES) for key in span.attributes or ())
