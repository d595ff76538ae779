"""The command line that imports of areas and of roads share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from .files import Reading, listed
from .layers import Changes
from .rows import KEY_LENGTH

Say = Callable[[str], object]


def add_arguments(parser: CommandParser, *, noun: str) -> None:
    """`noun` is what the file holds, in the plural."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--layer", required=True, help="OWNER/SLUG or SLUG")
    parser.add_argument("--key", required=True, help=f"field with the {noun}' keys")
    parser.add_argument("--name", required=True, help=f"field with the {noun}' names")
    parser.add_argument("--attribution", default="", help="line the map must show")
    parser.add_argument("--table", default="", help="table of a file that holds several")
    parser.add_argument("--where", default="", help="only rows for which this holds (OGR's SQL)")
    parser.add_argument("--crs", default="", help="coordinate system, if the file is wrong")
    parser.add_argument("--encoding", default="", help="of the text, if the file is wrong")
    parser.add_argument("--swap-axes", action="store_true", help="the file has them swapped")
    parser.add_argument("--merge", action="store_true", help="rows of one key are one thing")
    parser.add_argument("--key-width", type=int, default=0, help="pad keys with zeros")
    parser.add_argument("--replace", action="store_true", help="allow that no key remains")
    parser.add_argument("--abroad", action="store_true", help=f"{noun} may lie abroad")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")


def reading(options: Mapping[str, Any], *, more_fields: tuple[str, ...] = ()) -> Reading:
    return Reading(
        file=options["file"],
        key_field=options["key"],
        name_field=options["name"],
        more_fields=more_fields,
        table=options["table"],
        where=options["where"],
        crs=options["crs"],
        encoding=options["encoding"],
        swap_axes=options["swap_axes"],
        key_width=min(max(options["key_width"], 0), KEY_LENGTH),
        abroad=options["abroad"],
    )


def say_changes(say: Say, changes: Changes) -> None:
    say_all(say, "Changed", changes.changed)
    say_all(say, "Gone from the file, ended today", changes.ended)
    say(
        f"{len(changes.new)} new, {len(changes.changed)} changed, "
        f"{len(changes.unchanged)} unchanged, {len(changes.ended)} ended."
    )


def say_all(say: Say, what: str, names: Sequence[str]) -> None:
    if names:
        say(f"{what}: {listed(names, most=40)}")
