# SPDX-License-Identifier: Apache-2.0
"""What the fault tests share: a server to break, senders, and an OTLP encoder of their own."""
