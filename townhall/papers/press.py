"""The printer's own process: `press.py FOLDER FONTS`, PDF to standard output. Knows no Django."""

from __future__ import annotations

import resource
import sys

import typst

PROCESSOR_SECONDS = 20
MEMORY_BYTES = 2 * 1024**3  # of addresses; a paper of twenty pages uses 60 MB


def main(folder: str, fonts: str) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        paper = typst.compile(
            f"{folder}/paper.typ",
            root=folder,
            format="pdf",
            font_paths=[fonts],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        print(str(error).replace("\n", " "), file=sys.stderr)  # noqa: T201
        return 1
    sys.stdout.buffer.write(paper)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
