"""What stands between {{ and }} in words kept ready, and what it becomes in an answer.

Nothing between braces ever leaves the house: whatever has no value is asked for before. The name
of the reporter is put in by the letter and by their own page only: staff who write it do not read
it, and it goes when the contact goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.letters.addressing import NAME
from reports.models import Report

_BRACES = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_PARTS = re.compile(r"\{\{|\}\}")


def _due_on(report: Report) -> str:
    return date_format(report.due_on, "DATE_FORMAT") if report.due_on else ""


def _received_on(report: Report) -> str:
    return date_format(timezone.localdate(report.received_at), "DATE_FORMAT")


def _place(report: Report) -> str:
    """As exactly as everybody may know it: the words may be for everybody."""
    return report.public_place or report.municipality.name


@dataclass(frozen=True)
class Placeholder:
    """`meaning` is read by whoever writes the words."""

    meaning: str | Promise
    value: Callable[[Report], str]


PLACEHOLDERS: Mapping[str, Placeholder] = {
    "amt": Placeholder(_("the department that has it"), lambda report: report.department.name),
    "eingang": Placeholder(_("the day it came in"), _received_on),
    "gemeinde": Placeholder(
        _("the name of the municipality"), lambda report: report.municipality.name
    ),
    "kategorie": Placeholder(_("the kind of defect"), lambda report: report.category.label),
    "nummer": Placeholder(_("the number of the report"), lambda report: report.shown_code),
    "ort": Placeholder(_("street or part of the town, without the house number"), _place),
    "telefon": Placeholder(
        _("the department's telephone"),
        lambda report: report.department.phone or report.municipality.phone,
    ),
    "zieltermin": Placeholder(_("the target date"), _due_on),
    NAME: Placeholder(_("the reporter's name, in what only they read"), lambda report: ""),
}


def wrong(text: str) -> list[str]:
    """Placeholders that nobody knows, and braces without a partner; as they were written."""
    unknown = [found[0] for found in _BRACES.finditer(text) if found[1].lower() not in PLACEHOLDERS]
    return list(dict.fromkeys([*unknown, *_PARTS.findall(_BRACES.sub("", text))]))


def fill(text: str, report: Report, *, language: str = "de") -> str:
    """With all values there are; what has none, and the name, is left as it stands."""
    with translation.override("en" if language == "en" else "de"):
        return _BRACES.sub(lambda found: _value(found, report), text)


def _value(found: re.Match[str], report: Report) -> str:
    known = PLACEHOLDERS.get(found[1].lower())
    return (known.value(report) if known else "") or found[0]


def left(text: str, *, may_name: bool) -> list[str]:
    """What still stands in braces. `may_name`: the name will find its value when it is sent."""
    spared = NAME if may_name else ""
    open_ones = [found[0] for found in _BRACES.finditer(text) if found[1].lower() != spared]
    return list(dict.fromkeys([*open_ones, *_PARTS.findall(_BRACES.sub("", text))]))


def names_reporter(text: str) -> bool:
    return any(found[1].lower() == NAME for found in _BRACES.finditer(text))
