"""The page about privacy: each room tells what it keeps, so that no arrow runs upward."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from townhall.models import Municipality

Facts = Callable[[list[Municipality]], Mapping[str, Any]]


@dataclass(frozen=True)
class Chapter:
    """A template, and what it shows (as `chapter`) for the towns of a site."""

    template: str
    facts: Facts


_CHAPTERS: dict[str, Chapter] = {}


def register(template: str, facts: Facts) -> None:
    _CHAPTERS[template] = Chapter(template, facts)


def chapters(towns: list[Municipality]) -> list[dict[str, Any]]:
    """In the order in which the rooms are installed."""
    return [
        {"template": chapter.template, "facts": chapter.facts(towns)}
        for chapter in _CHAPTERS.values()
    ]
