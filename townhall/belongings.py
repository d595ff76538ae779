"""What the rooms keep about residents: each registers its own, so that no arrow runs upward.

The page "Meine Meldungen" shows a tab for each kind, the copy for the person concerned holds a part
of each, and forgetting reaches them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django.http import HttpRequest
from django.utils.functional import Promise

from townhall.mailboxes import Mailbox


@dataclass(frozen=True)
class Known:
    """The address as it was once given, and who may write to it: a town."""

    email: str
    sender: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class Sheet:
    """A part of the copy: one record a row. Keys are for programs, `labels` for people.

    Values are texts, numbers, moments, or lists of such records. `files`: name in the archive →
    what reads it.
    """

    name: str
    title: str
    labels: Mapping[str, str]
    records: Sequence[Mapping[str, Any]]
    files: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)


class Belongings:
    """One kind of thing kept about a mailbox."""

    slug: ClassVar[str]  # of the tab, German as all addresses
    title: ClassVar[str | Promise]
    template: ClassVar[str]
    needs_visit: ClassVar[bool] = True  # False: what lies on the reader's own device
    is_rare: ClassVar[bool] = False  # True: no tab for who has none
    erasing: ClassVar[str | Promise] = ""  # what becomes of them when everything is erased

    def known(self, mailbox: Mailbox) -> Known | None:
        """None if nothing is kept. Letters go to the address that it returns, no other one."""
        return None

    def count(self, mailbox: Mailbox) -> int | None:
        """What the tab says; None where the server can't know."""
        return None

    def facts(self, mailbox: Mailbox, *, request: HttpRequest) -> Mapping[str, Any]:
        """For the template."""
        return {}

    def copy(self, mailbox: Mailbox) -> Iterable[Sheet]:
        """All that is kept, in the reader's language."""
        return ()

    def forget(self, mailbox: Mailbox) -> int:
        """Erase what ties things to the mailbox, in the caller's transaction. Returns how many."""
        return 0


_KNOWN: Final[dict[str, Belongings]] = {}


def register(belongings: Belongings) -> None:
    _KNOWN[belongings.slug] = belongings


def kinds() -> list[Belongings]:
    """In the order in which the rooms registered them."""
    return list(_KNOWN.values())


def known(mailbox: Mailbox) -> Known | None:
    """Whether anything is kept about the mailbox, and the address to write to."""
    return next((found for each in kinds() if (found := each.known(mailbox))), None)
