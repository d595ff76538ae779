"""Disks that can be full: ext4 in a file, mounted, so that neighbours notice nothing."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_BALLAST = "ballast"


@dataclass
class Disk:
    """`folder` on a file system of its own where that is allowed, else just a folder."""

    folder: Path
    is_small: bool = False

    @classmethod
    def make(cls, folder: Path, *, megabytes: int) -> Disk:
        folder.mkdir()
        disk = cls(folder)
        if os.geteuid() == 0:
            disk.is_small = _mounted(folder, folder.with_suffix(".img"), megabytes)
        return disk

    def fill(self) -> None:
        """To the last block."""
        free = os.statvfs(self.folder)
        with (self.folder / _BALLAST).open("ab", buffering=0) as ballast:
            size = ballast.tell()
            with suppress(OSError):
                os.posix_fallocate(ballast.fileno(), size, free.f_bavail * free.f_bsize)
            for piece in (1 << 20, 4096):
                _write_all(ballast, bytes(piece))

    def free(self) -> None:
        (self.folder / _BALLAST).unlink(missing_ok=True)

    def close(self) -> None:
        if self.is_small:
            subprocess.run(["umount", "-l", self.folder], check=False)


def _write_all(file: IO[bytes], piece: bytes) -> None:
    with suppress(OSError):
        while True:
            file.write(piece)


def _mounted(folder: Path, image: Path, megabytes: int) -> bool:
    with image.open("wb") as file:
        file.truncate(megabytes * 1024**2)
    steps: list[list[str | Path]] = [
        ["mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0", image],
        ["mount", "-o", "loop", image, folder],
    ]
    try:
        for step in steps:
            subprocess.run(step, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        image.unlink()
        return False
    return True
