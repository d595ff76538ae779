"""What the rooms above have to say once a layer has changed.

They register at start, so that an import can tell what it means for them and no arrow points
upward.
"""

from __future__ import annotations

from django.utils.module_loading import import_string

_echoes: list[str] = []


def register(name: str) -> None:
    """`name`: the dotted one of a function that answers with a sentence, or with "".

    Not the function: no web process has to load what only an import needs.
    """
    _echoes.append(name)


def hear() -> list[str]:
    """The sentences; ask after an import that changed something."""
    return [said for name in _echoes if (said := import_string(name)())]
