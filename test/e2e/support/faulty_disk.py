# SPDX-License-Identifier: Apache-2.0
"""A disk that fails when it is told to: a library (faulty_disk.c) that is preloaded into a server."""

import errno
import itertools
import mmap
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

CALLS = ("open", "read", "write", "sync", "truncate", "allocate", "rename", "remove")
FILES = ("journal", "frames", "tables", "tables' log", "traces", "metadata", "other")
SHORT = 0  # In place of an error: a write that writes half.

_SOURCE = Path(__file__).with_name("faulty_disk.c")
_INTEGER = struct.Struct("<i")
_FIELDS = {name: 4 * i for i, name in enumerate(("is_armed", "call", "file", "skip", "error", "fired"))}
_SEEN = 4 * len(_FIELDS)
_SIZE = _SEEN + 4 * len(CALLS) * len(FILES)


@dataclass(frozen=True)
class Fault:
    """One of the calls on one of the files fails."""

    call: str
    file: str
    error: int

    def __str__(self) -> str:
        error = "half of it" if self.error == SHORT else errno.errorcode[self.error]
        return f"{self.call} {self.file}: {error}"


def errors_of(call: str) -> tuple[int, ...]:
    if call == "write":
        return errno.EIO, errno.ENOSPC, SHORT
    return (errno.ENOSPC,) if call == "allocate" else (errno.EIO,)


class FaultyDisk:
    """For servers on `data_dir`, started with `environment`. Nothing fails until arm()."""

    def __init__(self, directory: Path, data_dir: Path):
        library, control = directory / "faulty_disk.so", directory / "faulty_disk.control"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"], check=True
        )
        control.write_bytes(bytes(_SIZE))
        with open(control, "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAULTY_DISK_DIRECTORY": str(data_dir),
            "FAULTY_DISK_CONTROL": str(control),
        }

    def arm(self, fault: Fault, skip: int = 0) -> None:
        """The fault happens once, after `skip` calls of its kind that succeed."""
        self.disarm()
        self._set("call", CALLS.index(fault.call))
        self._set("file", FILES.index(fault.file))
        self._set("skip", skip)
        self._set("error", fault.error)
        self._set("is_armed", 1)

    def disarm(self) -> None:
        self._set("is_armed", 0)

    @property
    def fired(self) -> int:
        """How many faults have happened."""
        return self._get(_FIELDS["fired"])

    def seen(self) -> dict[tuple[str, str], int]:
        """How often each call was made on each file."""
        kinds = itertools.product(CALLS, FILES)
        counts = {kind: self._get(_SEEN + 4 * i) for i, kind in enumerate(kinds)}
        return {kind: count for kind, count in counts.items() if count > 0}

    def _get(self, place: int) -> int:
        return _INTEGER.unpack_from(self._memory, place)[0]

    def _set(self, field: str, value: int) -> None:
        _INTEGER.pack_into(self._memory, _FIELDS[field], value)
