# SPDX-License-Identifier: Apache-2.0
"""Runs every fault test of this directory against SIGHTLINE_BIN and prints one closing line.

Each file runs in a process group of its own, so that a server it leaves behind when it hits its
deadline ends with it.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILE_DEADLINE_SECONDS = 300


def run_file(path: Path) -> tuple[int, str]:
    """Exit code and output; the code is -1 at the deadline."""
    process = subprocess.Popen(
        [sys.executable, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=FILE_DEADLINE_SECONDS)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return -1, f"{output}\n{path.name}: no end within {FILE_DEADLINE_SECONDS} s\n"


def count(output: str, word: str) -> int:
    """A figure of unittest's closing line: "FAILED (failures=1, errors=2, skipped=3)"."""
    closing = output.rstrip().rsplit("\n", 1)[-1]
    found = re.search(rf"\b{word}=(\d+)", closing)
    return int(found.group(1)) if found else 0


def main() -> int:
    passed = failed = skipped = 0
    for path in sorted(HERE.glob("*_test.py")):
        start = time.monotonic()
        code, output = run_file(path)
        ran = re.search(r"^Ran (\d+) tests?", output, re.MULTILINE)
        bad = count(output, "failures") + count(output, "errors")
        left_out = count(output, "skipped")
        if code != 0:
            bad = max(bad, 1)
        failed += bad
        skipped += left_out
        passed += max(0, (int(ran.group(1)) if ran else 0) - bad - left_out)
        print(f"{path.name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - start:.1f} s)")
        if code != 0:
            print(output)
        else:
            # What a test tells, and why one was left out.
            for line in output.splitlines():
                if line.startswith("seed ") or " skipped " in line:
                    print(f"  {line}")
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
