"""One wall clock for database, web and worker, which can be put forward and back.

A small library (clock.c, made by the system's C compiler) stands between every program and its
clock. Debian's libfaketime would do, but its sleeps fail in Python (EINVAL of clock_nanosleep).
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")


@dataclass
class Clock:
    file: Path  # how many seconds ahead, as a C long
    library: Path | None
    ahead_s: int = 0

    @classmethod
    def make(cls, folder: Path) -> Clock:
        clock = cls(folder / "clock", _compiled(folder / "clock.so"))
        clock.file.touch(0o644)
        clock.put(0)
        return clock

    @property
    def can_be_set(self) -> bool:
        return self.library is not None

    @property
    def environment(self) -> dict[str, str]:
        if self.library is None:
            return {}
        return {"LD_PRELOAD": str(self.library), "CHAOS_CLOCK": str(self.file)}

    def put(self, seconds: int) -> None:
        """Forward, or back where negative: at once, for everybody."""
        self.ahead_s += seconds
        with self.file.open("r+b") as file:
            file.write(struct.pack("l", self.ahead_s))


def _compiled(library: Path) -> Path | None:
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-ldl"]
    done = subprocess.run(command, capture_output=True, check=False)
    return library if done.returncode == 0 else None
