"""Which facts are sealed: each room registers its own tables, so that no arrow runs upward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q


@dataclass(frozen=True)
class Trail:
    """A table of facts that are appended and never changed.

    `case`: the foreign key to the case, with which its facts are erased in the end. `fields` are
    sealed; words that are erased earlier than the case must not be among them. `actor`: who did
    it, sealed apart, since an account may be deleted. `label`: what people call the case.
    `blank`: which cases stay as empty shells once their words were erased. `erased`: how many the
    house itself says it has erased by rule.
    """

    name: str
    model: type[Model]
    case: str
    fields: Sequence[str]
    actor: str = "actor"
    label: Any = ""
    blank: Q | None = None
    erased: Callable[[], int] | None = None

    @property
    def rows(self) -> Any:
        return self.model._default_manager.order_by("pk")

    @property
    def cases(self) -> Any:
        related: Any = self.model._meta.get_field(self.case).related_model
        return related._default_manager

    @property
    def whole_cases(self) -> Any:
        """Those whose words are still there."""
        return self.cases.exclude(self.blank) if self.blank else self.cases.all()

    @property
    def columns(self) -> list[str]:
        return ["pk", f"{self.case}_id", f"{self.actor}_id", *self.fields]


_TRAILS: dict[str, Trail] = {}


def register(*trails: Trail) -> None:
    _TRAILS.update({trail.name: trail for trail in trails})


def all_trails() -> list[Trail]:
    return [_TRAILS[name] for name in sorted(_TRAILS)]


def trail_named(name: str) -> Trail | None:
    return _TRAILS.get(name)
