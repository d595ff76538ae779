"""Rows of a file as such: each has its key and name, and one key is one thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from .files import Candidate, Refused, listed, numbered

KEY_LENGTH, NAME_LENGTH = 64, 200


def refuse_nameless(candidates: Sequence[Candidate], *, names_needed: bool = True) -> None:
    """Raises Refused for rows without a key or name, or with one too long, naming each."""
    faults = {
        "No key": [each for each in candidates if not each.key],
        "No name": [each for each in candidates if names_needed and not each.name],
        f"A key longer than {KEY_LENGTH} characters": [
            each for each in candidates if len(each.key) > KEY_LENGTH
        ],
        f"A name longer than {NAME_LENGTH} characters": [
            each for each in candidates if len(each.name) > NAME_LENGTH
        ],
    }
    for fault, culprits in faults.items():
        if culprits:
            raise Refused(f"{fault}: {listed(numbered(culprits))}.")


def one_per_key(
    rows: Sequence[Candidate], *, merge: bool, parts: str, join: Callable[[list[Any]], Any]
) -> tuple[list[Candidate], list[str]]:
    """(one candidate for each key, names of those that were joined from several rows).

    `parts` says what rows of one key may be ("parts of one area"); `join` makes one shape of
    theirs. Raises Refused for keys that occur twice, unless `merge`, and for parts that differ
    in name or in what else they tell.
    """
    by_key: dict[str, list[Candidate]] = {}
    for each in rows:
        by_key.setdefault(each.key, []).append(each)
    twice = {key: found for key, found in by_key.items() if len(found) > 1}
    if twice and not merge:
        names = (f"{key} ({_names(found)})" for key, found in twice.items())
        raise Refused(
            f"Keys that occur more than once: {listed(names)}. If these rows are {parts}, "
            "give --merge."
        )
    for key, found in twice.items():
        if len({row.name for row in found}) > 1:
            raise Refused(f"Key {key} has several names: {_names(found)}.")
        told = {", ".join(filter(None, row.more)): 0 for row in found}
        if len(told) > 1:
            raise Refused(
                f"The parts of {found[0]} differ: {listed(told, most=6)}. "
                "Take a field for --key that is another for each of them."
            )
    joined = [
        replace(found[0], shape=join([row.shape for row in found])) if len(found) > 1 else found[0]
        for found in by_key.values()
    ]
    return joined, [str(found[0]) for found in twice.values()]


def _names(rows: Sequence[Candidate]) -> str:
    return listed({row.name: 0 for row in rows})
