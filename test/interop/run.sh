#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs clients from other registries against SIGHTLINE_BIN, or against the server that
# SIGHTLINE_HTTP, SIGHTLINE_OTLP_GRPC and SIGHTLINE_OTLP_HTTP name. Arguments pick clients by name.
set -eu
exec node "$(dirname "$0")/interop.mjs" "$@"
