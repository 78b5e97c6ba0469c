# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping
from urllib.parse import unquote

_PATH = "/v1/traces"
_DEFAULT_BASE_URL = "http://localhost:4318"


@dataclass(frozen=True)
class Target:
    url: str
    """Complete, with `/v1/traces`."""
    headers: Mapping[str, str]


def target_from_environment(environment: Mapping[str, str]) -> Target:
    """Where the standard variables of OpenTelemetry send traces.

    An endpoint for gRPC is of no use here; then the default holds.
    """

    def get(name: str) -> str:
        return environment.get(f"OTEL_EXPORTER_OTLP_{name}", "")

    headers = {**_parse_headers(get("HEADERS")), **_parse_headers(get("TRACES_HEADERS"))}
    if (get("TRACES_PROTOCOL") or get("PROTOCOL")) == "grpc":
        return Target(_DEFAULT_BASE_URL + _PATH, headers)
    if get("TRACES_ENDPOINT"):
        return Target(get("TRACES_ENDPOINT"), headers)
    return Target(traces_url(get("ENDPOINT") or _DEFAULT_BASE_URL), headers)


def traces_url(url: str) -> str:
    """`url` names the receiver, with or without the path for traces."""
    base = url.rstrip("/")
    return base if base.endswith(_PATH) else base + _PATH


def _parse_headers(text: str) -> Dict[str, str]:
    """`a=1,b=2`, percent-encoded. What is not of this form is left out."""
    headers = {}
    for item in text.split(","):
        name, separator, value = item.partition("=")
        if separator and name.strip():
            headers[name.strip().lower()] = unquote(value.strip())
    return headers
