#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu
exec java -cp "$1/classes:$(cat "$1/classpath.txt")" interop.Client
