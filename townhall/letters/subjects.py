"""What letters are about: each room registers its own, so that no arrow runs upward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.utils.functional import Promise

from townhall.models import Letter, User


class Subject:
    """A kind of case. `about` of its letters is "<prefix>:<name>"; `kinds` names them for staff."""

    prefix: ClassVar[str]
    kinds: ClassVar[Mapping[str, str | Promise]]

    def page(self, name: str) -> str:
        """Address of the case in the town hall."""
        raise NotImplementedError

    def shown(self, name: str) -> str:
        """The name as people read it."""
        return name

    def bounced(self, letter: Letter) -> None:
        """The reader's mail server says that there is no such reader. In the noting transaction."""

    def answered(self, letter: Letter, answer: Mapping[str, Any]) -> None:
        """What the reader of a webhook answered, hostile or not. In the noting transaction."""

    def sent_again(self, letter: Letter, *, by: User) -> None:
        """Staff asked for another round of attempts. In the same transaction."""


_KNOWN: Final[dict[str, Subject]] = {}


def register(subject: Subject) -> None:
    _KNOWN[subject.prefix] = subject


def subject_of(letter: Letter) -> Subject | None:
    return _KNOWN.get(letter.about.partition(":")[0])


def name_of(letter: Letter) -> str:
    """The case's name: "7K3F9QMX" of "report:7K3F9QMX"."""
    return letter.about.partition(":")[2]
