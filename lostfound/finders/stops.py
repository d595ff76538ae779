"""What nobody should carry to a counter: told to the finder at once, with whom to call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from lostfound.catalogue import THING_KINDS, Words
from townhall.models import Municipality


class Whom(StrEnum):
    POLICE = "110"
    TOWN = "town"  # its own numbers: for danger, else of the town hall


@dataclass(frozen=True)
class Stop:
    """`code`: which page it is. `steps`: what to do, in this order."""

    code: str
    title: Words
    steps: tuple[Words, ...]
    whom: Whom


WEAPON = Stop(
    "weapon",
    _("Do not touch it, and call 110"),
    (
        _("Leave weapons, ammunition and explosives where they lie. Keep others away, too."),
        _("Call the police: 110. They come and fetch it, by day and by night."),
        _("Do not bring it to the lost property office."),
    ),
    Whom.POLICE,
)
DRUGS = Stop(
    "drugs",
    _("Call the police: 110"),
    (
        _("Do not touch it: needles and powders can hurt. Keep children away."),
        _("Call the police: 110. They come and fetch it."),
    ),
    Whom.POLICE,
)
ANIMAL = Stop(
    "animal",
    _("An animal needs help now, not a number"),
    (
        _("Call the town hall, or the police outside its hours: they know which shelter has room."),
        _("Is it hurt or dangerous? Keep away and call 110."),
        _("A wild animal that looks lost mostly is not: leave it there."),
    ),
    Whom.TOWN,
)
MEDICINE = Stop(
    "medicine",
    _("Bring medicine to a pharmacy, not to us"),
    (
        _("Keep it away from children. A pharmacy takes it back; otherwise it is household waste."),
        _("Has somebody swallowed of it? Call 112."),
        _("Is a name on it, such as of a patient? Then a pharmacy can reach them."),
    ),
    Whom.TOWN,
)
_BY_KIND = {
    "weapon": WEAPON,
    "drugs": DRUGS,
    "animal": ANIMAL,
    "medicine": MEDICINE,
}
assert set(_BY_KIND) <= set(THING_KINDS)


@dataclass(frozen=True)
class Number:
    label: Words
    phone: str


def stop_for(kind: str) -> Stop | None:
    """None: it may be reported."""
    return _BY_KIND.get(kind)


def numbers(stop: Stop, town: Municipality | None) -> list[Number]:
    """Whom to call, the first one first."""
    police = Number(_("Police"), "110")
    if stop.whom is Whom.POLICE:
        return [police]
    own = []
    if town and town.phone:
        own.append(Number(_("The town hall"), town.phone))
    if town and town.hazard_phone:
        own.append(Number(_("Out of hours, in danger"), town.hazard_phone))
    return [*own, police]
