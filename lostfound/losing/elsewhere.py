"""„Wer könnte es sonst haben?“: the railway, the line's operator, the police and others, by place.

Each municipality names its own in the set-up (models.OtherKeeper); where it has not, we say what
holds everywhere in Germany. Who keeps what: § 978 BGB gives finds in trains and buses to whoever
runs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lostfound.catalogue import THING_KINDS
from lostfound.law import Kind
from lostfound.models import KeeperKind, OtherKeeper
from townhall.models import Municipality

_TRAIN = re.compile(r"\b(zug|bahn|s-?bahn|regio|ice?|ec|re|rb|s)\s*\d*\b", re.IGNORECASE)
_TRAM_OR_BUS = re.compile(r"\b(bus|tram|straßenbahn|linie)\b|^\s*\d+\w?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Keeper:
    """A place to ask. `is_likely`: by what was lost, and how."""

    kind: str
    name: str | Promise
    text: str | Promise = ""
    phone: str = ""
    url: str = ""
    is_likely: bool = False


EVERYWHERE: Final = (
    Keeper(
        KeeperKind.RAILWAY,
        _("Deutsche Bahn: lost property service"),
        _("For trains and stations. A find arrives there after one or two days."),
        url="https://www.bahn.de/service/ueber-uns/fundservice",
    ),
    Keeper(
        KeeperKind.TRANSPORT,
        _("Operator of the bus or tram"),
        _("Name and telephone number stand on the ticket, at the stop and in the vehicle."),
    ),
    Keeper(
        KeeperKind.POLICE,
        _("Police"),
        _("Stolen? Then report it at any police station, or online at the Onlinewache."),
        url="https://portal.onlinewache.polizei.de",
    ),
    Keeper(
        KeeperKind.TAXI,
        _("Taxi"),
        _("Ask the call centre that sent the car; the number stands on the receipt."),
    ),
    Keeper(
        KeeperKind.SHELTER,
        _("Animal shelter"),
        _("Ask the nearest shelter, outside its hours the police. Report a chip as missing, too."),
    ),
    Keeper(
        KeeperKind.PAPERS,
        _("Block cards and identity card, apply for a new one"),
        _("116 116 blocks cards and the online identity card, day and night."),
        phone="116 116",
    ),
)


def others(town: Municipality | None, *, kind: str, line: str = "") -> list[Keeper]:
    """Whom else to ask for a thing of this kind, the likely ones first. One statement.

    `line`: of the bus or train, as the owner named it. `kind` may be unknown yet: "".
    """
    rows = list(OtherKeeper.objects.filter(municipality=town)) if town else []
    known = [*_own(rows, line), *_defaults(rows)]
    wanted = [each for each in known if _fits(each.kind, kind)]
    judged = [replace(each, is_likely=_is_likely(each.kind, kind, line)) for each in wanted]
    return sorted(judged, key=lambda each: not each.is_likely)


def _own(rows: Iterable[OtherKeeper], line: str) -> list[Keeper]:
    return [
        Keeper(row.kind, row.name, row.text, row.phone, row.url)
        for row in rows
        if row.is_active and _serves(row.lines, line)
    ]


def _defaults(rows: Iterable[OtherKeeper]) -> list[Keeper]:
    """What the town has not decided otherwise."""
    decided = {row.kind for row in rows}
    return [each for each in EVERYWHERE if each.kind not in decided]


def _serves(lines: str, line: str) -> bool:
    """Whether a keeper of these lines has finds of this one; who names no line asks everybody."""
    if not lines.strip() or not line.strip():
        return True
    named = re.sub(r"[\s-]+", "", re.sub(r"\b(bus|tram|linie)\b", "", line.lower()))
    wanted = (re.sub(r"[\s-]+", "", each.lower()) for each in lines.split(","))
    return any(fnmatchcase(named, pattern) for pattern in wanted if pattern)


# The law's kinds of a thing for which alone a keeper is worth naming.
_ONLY_FOR: Final = {
    KeeperKind.SHELTER: {Kind.ANIMAL},
    KeeperKind.PAPERS: {Kind.IDENTITY_PAPER, Kind.FOREIGN_PAPER, Kind.CARD, Kind.PURSE},
}


def _fits(keeper: str, kind: str) -> bool:
    thing = THING_KINDS.get(kind)
    if thing is not None and thing.law == Kind.ANIMAL:
        return keeper in {KeeperKind.SHELTER, KeeperKind.POLICE, KeeperKind.OTHER}
    only = _ONLY_FOR.get(KeeperKind(keeper))
    return only is None or (thing is not None and thing.law in only)


def _is_likely(keeper: str, kind: str, line: str) -> bool:
    match keeper:
        case KeeperKind.SHELTER | KeeperKind.PAPERS:
            return True
        case KeeperKind.RAILWAY:
            return bool(_TRAIN.search(line)) and not _TRAM_OR_BUS.search(line)
        case KeeperKind.TRANSPORT:
            return bool(line.strip()) and not _is_likely(KeeperKind.RAILWAY, kind, line)
    return False
