# SPDX-License-Identifier: Apache-2.0
import unittest

import support  # noqa: F401
from sightline_otel_live._environment import target_from_environment, traces_url

DEFAULT = "http://localhost:4318/v1/traces"

TARGETS = {
    "nothing": ({}, DEFAULT),
    "a base": ({"ENDPOINT": "http://host:4318"}, "http://host:4318/v1/traces"),
    "a base with a slash": ({"ENDPOINT": "https://host/x/"}, "https://host/x/v1/traces"),
    "an endpoint for traces": (
        {"TRACES_ENDPOINT": "http://host/own", "ENDPOINT": "http://other"},
        "http://host/own",
    ),
    "an empty endpoint": ({"ENDPOINT": ""}, DEFAULT),
    "an endpoint for gRPC": ({"ENDPOINT": "http://host:4317", "PROTOCOL": "grpc"}, DEFAULT),
    "gRPC for others than traces": (
        {"ENDPOINT": "http://host", "PROTOCOL": "grpc", "TRACES_PROTOCOL": "http/protobuf"},
        "http://host/v1/traces",
    ),
}


class EnvironmentTest(unittest.TestCase):
    def test_says_where_traces_go(self):
        for name, (variables, url) in TARGETS.items():
            with self.subTest(name):
                environment = {f"OTEL_EXPORTER_OTLP_{key}": variables[key] for key in variables}
                self.assertEqual(target_from_environment(environment).url, url)

    def test_decodes_headers_and_prefers_those_for_traces(self):
        target = target_from_environment(
            {
                "OTEL_EXPORTER_OTLP_HEADERS": "Api-Key=a%20b, x=1,broken,=2",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "x=3=4",
            }
        )
        self.assertEqual(target.headers, {"api-key": "a b", "x": "3=4"})

    def test_takes_an_endpoint_with_and_without_the_path(self):
        for url in ("http://host", "http://host/", "http://host/v1/traces", "http://host/v1/traces/"):
            self.assertEqual(traces_url(url), "http://host/v1/traces")


if __name__ == "__main__":
    unittest.main()
