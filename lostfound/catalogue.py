"""What things are: kinds, colours, and the marks that only an owner knows. One row each.

Codes are stable, words are translated. The law's kind of a thing decides what may be listed,
photographed, shipped, and what becomes of it (law.kinds).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lostfound.law import Kind

Words = str | Promise


class Colour(models.TextChoices):
    """Colour groups: what two people who saw the same thing would both say."""

    BLACK = "black", _("black")
    GREY = "grey", _("grey")
    WHITE = "white", _("white")
    BROWN = "brown", _("brown")
    BEIGE = "beige", _("beige")
    RED = "red", _("red")
    PINK = "pink", _("pink")
    ORANGE = "orange", _("orange")
    YELLOW = "yellow", _("yellow")
    GREEN = "green", _("green")
    BLUE = "blue", _("blue")
    PURPLE = "purple", _("purple")
    SILVER = "silver", _("silver")
    GOLD = "gold", _("gold")
    PATTERNED = "patterned", _("colourful")


# sRGB of the swatch beside the word.
SWATCHES: dict[str, str] = {
    Colour.BLACK: "#1b1b1b",
    Colour.GREY: "#808080",
    Colour.WHITE: "#ffffff",
    Colour.BROWN: "#6f4423",
    Colour.BEIGE: "#dcc9a3",
    Colour.RED: "#c62828",
    Colour.PINK: "#e78ab0",
    Colour.ORANGE: "#e87722",
    Colour.YELLOW: "#f2c230",
    Colour.GREEN: "#2e7d32",
    Colour.BLUE: "#1f5fae",
    Colour.PURPLE: "#6a3d9a",
    Colour.SILVER: "#c0c4c8",
    Colour.GOLD: "#c9a227",
}


@dataclass(frozen=True)
class Mark:
    """Something that proves ownership. A number is kept as keyed hash and last four."""

    code: str
    label: Words
    is_number: bool = False
    hint: Words = ""


MARKS: dict[str, Mark] = {
    mark.code: mark
    for mark in (
        Mark("imei", _("IMEI"), is_number=True, hint=_("15 digits; *#06# shows them")),
        Mark("serial", _("Serial number"), is_number=True),
        Mark("frame", _("Frame number"), is_number=True, hint=_("Mostly under the bottom bracket")),
        Mark("coding", _("Bicycle coding"), is_number=True),
        Mark("chip", _("Chip or tattoo number"), is_number=True),
        Mark("engraving", _("Engraving")),
        Mark("inside", _("Lining, inside")),
        Mark("contents", _("Contents")),
        Mark("pendant", _("What hangs on it")),
        Mark("damage", _("Damage, wear")),
        Mark("screen", _("Picture on the lock screen")),
        Mark("name", _("Name on or in it")),
        Mark("other", _("Something else")),
    )
}


@dataclass(frozen=True)
class Proposal:
    """A question for the proof. `mark`: the one that answers it, "" where none does."""

    text: Words
    mark: str = ""


@dataclass(frozen=True)
class ThingKind:
    """A kind of thing. `group` is its tile; `questions` are proposals for the proof."""

    code: str
    label: Words
    group: str
    law: Kind = Kind.OTHER
    marks: tuple[str, ...] = ("damage", "other")
    questions: tuple[Proposal, ...] = ()
    is_whole: bool = False  # usually holds parts: cash, cards, keys
    is_bulky: bool = False


@dataclass(frozen=True)
class Group:
    """A tile of the forms."""

    code: str
    label: Words
    icon: str


GROUPS: dict[str, Group] = {
    group.code: group
    for group in (
        Group("keys", _("Keys"), "thing-keys"),
        Group("phone", _("Phone, electronics"), "thing-phone"),
        Group("purse", _("Purse, money"), "thing-purse"),
        Group("bag", _("Bag, luggage"), "thing-bag"),
        Group("paper", _("Papers, cards"), "thing-paper"),
        Group("clothing", _("Clothing"), "thing-clothing"),
        Group("bicycle", _("Bicycle, wheels"), "thing-bicycle"),
        Group("glasses", _("Glasses, aids"), "thing-glasses"),
        Group("jewellery", _("Jewellery, watch"), "thing-jewellery"),
        Group("animal", _("Animal"), "thing-animal"),
        Group("other", _("Something else"), "thing-other"),
    )
}

_INSIDE = Proposal(_("What does the lining look like?"), "inside")
_CONTENTS = Proposal(_("What is in it?"), "contents")
_DAMAGE = Proposal(_("Where is it worn or damaged?"), "damage")
_LAST_FOUR = Proposal(_("What are the last four digits of the serial number?"), "serial")
_FRAME = Proposal(_("What are the last four characters of the frame number?"), "frame")
_SCREEN = Proposal(_("What does the lock screen show?"), "screen")
_ENGRAVED = Proposal(_("What is engraved?"), "engraving")

THING_KINDS: dict[str, ThingKind] = {
    kind.code: kind
    for kind in (
        ThingKind(
            "keys",
            _("Keys"),
            "keys",
            Kind.KEYS,
            ("pendant", "serial", "other"),
            (
                Proposal(_("What hangs on the key ring?"), "pendant"),
                Proposal(_("How many keys are there?")),
            ),
        ),
        ThingKind(
            "car_key",
            _("Car key"),
            "keys",
            Kind.KEYS,
            ("pendant", "damage"),
            (
                Proposal(_("What hangs on the key?"), "pendant"),
                Proposal(_("What make is the car?")),
            ),
        ),
        ThingKind(
            "phone",
            _("Mobile phone"),
            "phone",
            Kind.DATA_MEDIUM,
            ("imei", "screen", "damage"),
            (Proposal(_("What are the last four digits of the IMEI?"), "imei"), _SCREEN),
        ),
        ThingKind(
            "tablet",
            _("Tablet"),
            "phone",
            Kind.DATA_MEDIUM,
            ("serial", "screen", "damage"),
            (_LAST_FOUR, _SCREEN),
        ),
        ThingKind(
            "laptop", _("Laptop"), "phone", Kind.DATA_MEDIUM, ("serial", "damage"), (_LAST_FOUR,)
        ),
        ThingKind(
            "camera", _("Camera"), "phone", Kind.DATA_MEDIUM, ("serial", "contents"), (_LAST_FOUR,)
        ),
        ThingKind(
            "memory",
            _("Memory stick or card"),
            "phone",
            Kind.DATA_MEDIUM,
            ("contents", "damage"),
            (_CONTENTS,),
        ),
        ThingKind(
            "headphones",
            _("Headphones"),
            "phone",
            marks=("serial", "engraving"),
            questions=(_DAMAGE,),
        ),
        ThingKind("electronics", _("Other device"), "phone", marks=("serial", "damage")),
        ThingKind(
            "purse",
            _("Purse"),
            "purse",
            Kind.PURSE,
            ("contents", "inside", "name", "damage"),
            (_CONTENTS, _INSIDE),
            is_whole=True,
        ),
        ThingKind(
            "cash", _("Cash"), "purse", Kind.CASH, ("contents",), (Proposal(_("How much was it?")),)
        ),
        ThingKind(
            "backpack",
            _("Backpack"),
            "bag",
            marks=("contents", "inside", "name"),
            questions=(_CONTENTS, _INSIDE),
            is_whole=True,
        ),
        ThingKind(
            "handbag",
            _("Handbag"),
            "bag",
            marks=("contents", "inside", "name"),
            questions=(_CONTENTS, _INSIDE),
            is_whole=True,
        ),
        ThingKind(
            "bag",
            _("Bag"),
            "bag",
            marks=("contents", "inside", "name"),
            questions=(_CONTENTS,),
            is_whole=True,
        ),
        ThingKind(
            "suitcase",
            _("Suitcase"),
            "bag",
            marks=("contents", "name"),
            questions=(_CONTENTS,),
            is_whole=True,
            is_bulky=True,
        ),
        ThingKind(
            "identity_paper",
            _("Identity card, passport, driving licence"),
            "paper",
            Kind.IDENTITY_PAPER,
            ("name", "serial"),
        ),
        ThingKind(
            "foreign_paper", _("Foreign identity paper"), "paper", Kind.FOREIGN_PAPER, ("name",)
        ),
        ThingKind("card", _("Bank or health card"), "paper", Kind.CARD, ("name",)),
        ThingKind("ticket", _("Ticket, season ticket"), "paper", marks=("name", "serial")),
        ThingKind("document", _("Other paper"), "paper", marks=("name", "contents")),
        ThingKind(
            "jacket",
            _("Jacket, coat"),
            "clothing",
            marks=("inside", "contents", "name"),
            questions=(Proposal(_("What is in the pockets?"), "contents"), _INSIDE),
        ),
        ThingKind(
            "headwear",
            _("Hat, scarf, gloves"),
            "clothing",
            marks=("damage", "name"),
            questions=(_DAMAGE,),
        ),
        ThingKind("clothing", _("Other clothing"), "clothing", marks=("damage", "name")),
        ThingKind("shoes", _("Shoes"), "clothing", marks=("damage", "other"), questions=(_DAMAGE,)),
        ThingKind(
            "bicycle",
            _("Bicycle"),
            "bicycle",
            Kind.BICYCLE,
            ("frame", "coding", "damage"),
            (_FRAME, _DAMAGE),
            is_bulky=True,
        ),
        ThingKind(
            "ebike",
            _("E-bike"),
            "bicycle",
            Kind.BICYCLE,
            ("frame", "serial", "damage"),
            (_FRAME, _DAMAGE),
            is_bulky=True,
        ),
        ThingKind(
            "scooter",
            _("Scooter"),
            "bicycle",
            marks=("serial", "damage"),
            questions=(_DAMAGE,),
            is_bulky=True,
        ),
        ThingKind(
            "pram",
            _("Pram, child seat"),
            "bicycle",
            marks=("contents", "damage"),
            questions=(_DAMAGE,),
            is_bulky=True,
        ),
        ThingKind("helmet", _("Helmet"), "bicycle", marks=("damage", "name"), questions=(_DAMAGE,)),
        ThingKind(
            "glasses",
            _("Glasses"),
            "glasses",
            marks=("inside", "damage"),
            questions=(Proposal(_("What does the case look like?"), "inside"),),
        ),
        ThingKind(
            "sunglasses", _("Sunglasses"), "glasses", marks=("damage",), questions=(_DAMAGE,)
        ),
        ThingKind(
            "hearing_aid", _("Hearing aid"), "glasses", marks=("serial",), questions=(_LAST_FOUR,)
        ),
        ThingKind(
            "walking_aid",
            _("Walking aid, wheelchair"),
            "glasses",
            marks=("name", "damage"),
            is_bulky=True,
        ),
        ThingKind(
            "jewellery",
            _("Jewellery"),
            "jewellery",
            marks=("engraving", "damage"),
            questions=(_ENGRAVED,),
        ),
        ThingKind(
            "watch",
            _("Watch"),
            "jewellery",
            marks=("engraving", "serial", "damage"),
            questions=(_ENGRAVED, Proposal(_("What does the strap look like?"))),
        ),
        ThingKind("animal", _("Animal"), "animal", Kind.ANIMAL, ("chip", "other")),
        ThingKind("umbrella", _("Umbrella"), "other", questions=(_DAMAGE,)),
        ThingKind("toy", _("Toy, cuddly toy"), "other", questions=(_DAMAGE,)),
        ThingKind("book", _("Book, school things"), "other", marks=("name", "contents")),
        ThingKind("sports", _("Sports gear"), "other", marks=("name", "damage")),
        ThingKind(
            "instrument", _("Musical instrument"), "other", marks=("serial", "name", "damage")
        ),
        ThingKind("tool", _("Tool"), "other", marks=("serial", "damage")),
        ThingKind("medicine", _("Medicine"), "other", Kind.PERISHABLE),
        ThingKind("food", _("Food"), "other", Kind.PERISHABLE),
        ThingKind("weapon", _("Weapon, ammunition, explosive"), "other", Kind.WEAPON),
        ThingKind("drugs", _("Drugs"), "other", Kind.DRUGS),
        ThingKind("other", _("Something else"), "other", questions=(_DAMAGE,)),
    )
}


def answers_to(kind: str, marks: Mapping[str, str]) -> dict[str, str]:
    """Of the proposed questions those that a mark answers: question → answer.

    `marks`: code → what was read on the thing, of a number its last four at least.
    """
    known = THING_KINDS.get(kind)
    offers = {}
    for proposal in known.questions if known else ():
        text = " ".join(marks.get(proposal.mark, "").split())
        if text:
            offers[str(proposal.text)] = text[-4:] if MARKS[proposal.mark].is_number else text
    return offers


def kinds_of(group: str) -> list[ThingKind]:
    return [kind for kind in THING_KINDS.values() if kind.group == group]
