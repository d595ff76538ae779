"""The desk's keys: what can be pressed, with which key, and what each of staff chose instead.

Keys are off until somebody presses `?` for the first time (WCAG 2.1.4), and can be switched off
and changed. Compared is the sign that is typed, not the place of the key, so that `z` and `y` are
where the keyboard has them. Stored is only what differs from the defaults: `User.keys`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from townhall.models import User


class Group(StrEnum):
    LIST = "list"
    DEED = "deed"
    GO = "go"
    HELP = "help"


GROUP_NAMES: dict[Group, str | Promise] = {
    Group.LIST: _("In the list"),
    Group.DEED: _("With the report"),
    Group.GO: _("Go to"),
    Group.HELP: _("Help and undoing"),
}


@dataclass(frozen=True)
class Command:
    """Something that a key can do. `slug` of a deed: the thing whose form it opens."""

    name: str
    words: str | Promise
    key: str
    group: Group
    slug: str = ""
    icon: str = "arrow"
    is_page: bool = False  # the deed has a page of its own instead of a small form


class Thing(Protocol):
    """What views/thing.py calls a deed with an address."""

    @property
    def slug(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def name(self) -> str | Promise: ...
    @property
    def key(self) -> str: ...


_LIST = (
    Command("next", _("Next report"), "j", Group.LIST, icon="chevron-down"),
    Command("previous", _("Previous report"), "k", Group.LIST, icon="chevron-up"),
    Command("open", _("Open the report (also Enter)"), "o", Group.LIST, icon="note"),
    Command("select", _("Select"), "x", Group.LIST, icon="check"),
    Command("select-next", _("Select on to the next"), "J", Group.LIST, icon="chevron-down"),
    Command("select-previous", _("Select on to the previous"), "K", Group.LIST, icon="chevron-up"),
)
_MINE = Command("mine", _("Assign to me"), "i", Group.DEED, slug="zuweisung", icon="user")
_MERGE = Command(
    "merge", _("The same as another report"), "d", Group.DEED, "zusammenfuehrung", "copy", True
)
_REST = (
    Command("go-inbox", _("Inbox"), "g e", Group.GO, icon="bell"),
    Command("go-monday", _("Since closing time"), "g s", Group.GO, icon="layers"),
    Command("go-mine", _("Assigned to me"), "g m", Group.GO, icon="user"),
    Command("map", _("Map"), "m", Group.GO, icon="map"),
    Command("search", _("Search"), "/", Group.GO, icon="search"),
    Command("undo", _("Undo (ten seconds)"), "z", Group.HELP, icon="undo"),
    Command("help", _("All keys"), "?", Group.HELP, icon="info"),
)


def commands(things: Iterable[Thing]) -> list[Command]:
    """All of them, in the order in which they are shown."""
    deeds = [
        Command(f"deed-{each.slug}", each.name, each.key, Group.DEED, each.slug, each.icon)
        for each in things
    ]
    at = next((i for i, each in enumerate(deeds, 1) if each.slug == _MINE.slug), len(deeds))
    return [*_LIST, *deeds[:at], _MINE, *deeds[at:], _MERGE, *_REST]


# ── What somebody chose ──────────────────────────────────────────────────────────────────────
def chosen(user: User, every: Iterable[Command]) -> dict[str, str]:
    """The key of each command, "" where it has none.

    A default gives way to what somebody chose for something else before it came.
    """
    own = _own(user)
    taken = set(own.values())
    return {each.name: own.get(each.name, "" if each.key in taken else each.key) for each in every}


def is_on(user: User) -> bool | None:
    """None: never asked; then only `?` is heard."""
    state = user.keys.get("on")
    return state if isinstance(state, bool) else None


def switch(user: User, *, on: bool) -> None:
    user.keys = {**user.keys, "on": on}
    user.save(update_fields=["keys"])


def choose(user: User, keys: Mapping[str, str], every: Iterable[Command]) -> None:
    """Keep what differs from the defaults. The keys must fit together: `conflicts`."""
    defaults = {each.name: each.key for each in every}
    own = {name: key for name, key in keys.items() if defaults.get(name, key) != key}
    user.keys = {**user.keys, "own": own}
    user.save(update_fields=["keys"])


def reset(user: User) -> None:
    """The defaults again; on or off stays."""
    user.keys = {name: value for name, value in user.keys.items() if name != "own"}
    user.save(update_fields=["keys"])


def _own(user: User) -> dict[str, str]:
    own = user.keys.get("own")
    return own if isinstance(own, dict) else {}


# ── Which keys are possible ──────────────────────────────────────────────────────────────────
# On a German keyboard these need AltGr, or wait for a letter to stand on.
_OUT_OF_REACH = frozenset("@€|\\{}[]~µ²³^´`¨°")


def tidy(typed: str) -> str:
    """`ge` and ` g  e ` are `g e`."""
    return " ".join("".join(typed.split()))


def is_possible(key: str) -> bool:
    """No key, one sign, or two one after the other."""
    signs = key.split(" ") if key else []
    return len(signs) <= 2 and all(
        len(sign) == 1 and sign.isprintable() and sign not in _OUT_OF_REACH for sign in signs
    )


def conflicts(keys: Mapping[str, str]) -> dict[str, str]:
    """Commands that can't be told apart from another one: each with the name of the other.

    `g` and `g e` can't either: the first would go off before the second is typed.
    """
    found = {}
    for name, key in keys.items():
        for other, its in keys.items():
            if key and its and name != other and (key == its or _begins(key, its)):
                found[name] = other
                break
    return found


def _begins(one: str, other: str) -> bool:
    return other.startswith(f"{one} ") or one.startswith(f"{other} ")
