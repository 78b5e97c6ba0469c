# SPDX-License-Identifier: Apache-2.0
"""Decoding and normalising, without storing."""

import json
import subprocess

from harness import BUILD, Budget, Figure

TITLE = "Decode and normalise (spans of 2 KB, 256 a request, one thread)"
ORDER = 10

_NAMES = {"BM_DecodeAndNormalizeMix": ("decode and normalise", Budget(1_000_000, "min"))}


def measure(options):
    output = subprocess.run(
        [BUILD / "bench" / "sightline_normalize_benchmark", "--benchmark_format=json",
         f"--benchmark_filter={'|'.join(_NAMES)}", f"--benchmark_min_time={0.5 if options.quick else 2}",
         "--benchmark_repetitions=5", "--benchmark_report_aggregates_only=true"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True).stdout
    for row in json.loads(output)["benchmarks"]:
        if row["aggregate_name"] == "median":
            what, budget = _NAMES[row["run_name"]]
            yield Figure(what, row["items_per_second"], "spans/s/core", budget,
                         "median of 5, by CPU time")
