"""Looks at roads: their course, class, owner and Ortsdurchfahrt, as German files write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import shapely

from geo.models import RoadClass, RoadOwner

from . import rows
from .files import Candidate, Refused, listed

Told = TypeVar("Told")

# Who keeps a road of this class, where the file does not say.
OWNER_OF_CLASS: Mapping[RoadClass, RoadOwner] = {
    RoadClass.MOTORWAY: RoadOwner.FEDERATION,
    RoadClass.FEDERAL: RoadOwner.FEDERATION,
    RoadClass.STATE: RoadOwner.STATE,
    RoadClass.DISTRICT: RoadOwner.DISTRICT,
    RoadClass.LOCAL: RoadOwner.MUNICIPALITY,
}
# Also from numbers of roads: "L 3100" is an L. St and S are Staatsstraßen (Bayern, Sachsen).
CLASS_WORDS: Mapping[RoadClass, str] = {
    RoadClass.MOTORWAY: "a bab autobahn bundesautobahn",
    RoadClass.FEDERAL: "b bundesstraße bundesstrasse",
    RoadClass.STATE: "l s st lio liio landesstraße landesstrasse staatsstraße staatsstrasse",
    RoadClass.DISTRICT: "k kr kreisstraße kreisstrasse",
    RoadClass.LOCAL: "g gem gvs gemeindestraße gemeindestrasse ortsstraße ortsstrasse stadtstraße "
    "stadtstrasse gemeindeverbindungsstraße gemeindeverbindungsstrasse",
}
# OpenStreetMap's `highway` says how important a road is, which is only close to its class.
OSM_WORDS: Mapping[RoadClass, str] = {
    RoadClass.MOTORWAY: "motorway motorway_link",
    RoadClass.FEDERAL: "trunk trunk_link primary primary_link",
    RoadClass.STATE: "secondary secondary_link",
    RoadClass.DISTRICT: "tertiary tertiary_link",
    RoadClass.LOCAL: "residential living_street unclassified pedestrian",
}
# How a keeper's name begins; the first that fits counts ("Landkreis" before "Land Hessen").
OWNER_BEGINNINGS: Sequence[tuple[str, RoadOwner]] = (
    ("kreisstadt", RoadOwner.MUNICIPALITY),
    ("landeshauptstadt", RoadOwner.MUNICIPALITY),
    ("landkreis", RoadOwner.DISTRICT),
    ("landrat", RoadOwner.DISTRICT),
    ("kreis", RoadOwner.DISTRICT),
    ("bund", RoadOwner.FEDERATION),
    ("brd", RoadOwner.FEDERATION),
    ("autobahn", RoadOwner.FEDERATION),
    ("land", RoadOwner.STATE),
    ("freistaat", RoadOwner.STATE),
    ("gemeinde", RoadOwner.MUNICIPALITY),
    ("stadt", RoadOwner.MUNICIPALITY),
    ("markt", RoadOwner.MUNICIPALITY),
    ("kommun", RoadOwner.MUNICIPALITY),
    ("privat", RoadOwner.PRIVATE),
)
IN_TOWN_WORDS: Mapping[bool, str] = {
    True: "1 t true j ja y yes od io ortsdurchfahrt innerorts innerhalb de:urban",
    False: "0 f false n nein no fs ao frei freie außerorts ausserorts außerhalb ausserhalb "
    "de:rural de:motorway",
}
NUMBER = re.compile(r"[\s.]*\d.*$")


@dataclass(frozen=True)
class Facts:
    """What the file tells of a road, and what follows from it. "" and None: unknown."""

    road_class: str
    owner: str
    in_town: bool | None


@dataclass
class Inspection:
    """Roads fit to be written, and all that was noticed."""

    roads: list[Candidate]
    merged: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def inspect(candidates: Sequence[Candidate], *, merge: bool, fields: Sequence[str]) -> Inspection:
    """Roads with MultiLineStrings and unique keys. Raises Refused, naming each culprit.

    A candidate's `more` are its class, owner and Ortsdurchfahrt as the `fields` of these names
    write them; a road may have no name.
    """
    rows.refuse_nameless(candidates, names_needed=False)
    remarks = [
        remark
        for at, (name, read, known) in enumerate(
            zip(fields, (_class, _owner, _in_town), _KNOWN, strict=True)
        )
        for remark in _not_understood([each.more[at] for each in candidates], name, read, known)
    ]
    if any(_one(each.more[0]) in _OSM_CLASSES for each in candidates):
        remarks.append(
            "OpenStreetMap's kinds of roads are only close to their class by law; its numbers "
            "(--class ref) are right where they stand."
        )
    roads, merged = rows.one_per_key(
        _with_courses(candidates), merge=merge, parts="parts of one road", join=_joined
    )
    return Inspection(roads, merged, remarks)


def facts(candidate: Candidate) -> Facts:
    """Of an inspected road. Where the file names no owner, the class does."""
    class_, owner, in_town = candidate.more
    road_class = _class(class_)
    derived = OWNER_OF_CLASS.get(road_class, "") if road_class and not owner else ""
    return Facts(road_class or "", _owner(owner) or derived, _in_town(in_town))


def _class(text: str) -> RoadClass | None:
    first = _one(text)
    return _CLASSES.get(first) or _OSM_CLASSES.get(first)


def _one(text: str) -> str:
    """ "l" for "L 3100; B 3", "kreisstraße" for "Kreisstraße K 12"."""
    first = re.split(r"[;,/]", text.lower())[0].strip()
    return (NUMBER.sub("", first).split() or [first])[0].rstrip(".")


def _owner(text: str) -> RoadOwner | None:
    text = text.lower()
    return next((owner for start, owner in OWNER_BEGINNINGS if text.startswith(start)), None)


def _in_town(text: str) -> bool | None:
    return _IN_TOWN.get((text.lower().replace("i.o", "io").split() or [""])[0].strip(".,;"))


def _not_understood(
    texts: Sequence[str], name: str, read: Callable[[str], object], known: str
) -> Iterator[str]:
    """A remark on values that mean nothing to us. Raises Refused if that is all of them."""
    strange = Counter(text for text in texts if text and read(text) is None)
    if not strange:
        return
    values = listed(f"{value[:40]} ({count})" for value, count in strange.most_common())
    if not any(read(text) is not None for text in texts if text):
        raise Refused(f"Not one value of {name} is understood: {values}. Known are {known}.")
    yield f"{name} not understood, left unknown: {values}. Known are {known}."


def _with_courses(candidates: Sequence[Candidate]) -> list[Candidate]:
    faults = {each.row: _fault(each.shape) for each in candidates}
    refused = [f"{each}: {faults[each.row]}" for each in candidates if faults[each.row]]
    if refused:
        raise Refused("Shapes that can't be used. " + listed(refused, most=40) + ".")
    return [replace(each, shape=_joined([each.shape])) for each in candidates]


def _fault(shape: Any) -> str:
    if shape is None or shape.is_empty:
        return "there is no shape"
    if shape.geom_type not in {"LineString", "MultiLineString"}:
        return f"it is a {shape.geom_type}, not a line"
    return "" if shape.length > 0 else "it has no length"


def _joined(parts: list[Any]) -> Any:
    """All lines with a length, in one."""
    lines = [line for part in parts for line in shapely.get_parts(part) if line.length > 0]
    return shapely.multilinestrings(lines)


def _by_word(words: Mapping[Told, str]) -> dict[str, Told]:
    return {word: told for told, every in words.items() for word in every.split()}


_CLASSES = _by_word(CLASS_WORDS)
_OSM_CLASSES = _by_word(OSM_WORDS)
_IN_TOWN = _by_word(IN_TOWN_WORDS)
_KNOWN = (
    "A, B, L, K, G, numbers such as L 3100 and the German names",
    "names that begin with Bund, Land, Kreis, Gemeinde, Stadt or privat",
    "yes and no (ja, nein, 1, 0), Ortsdurchfahrt and freie Strecke",
)
