"""A report's target date as an appointment for calendars: iCalendar, RFC 5545."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext

from reports.letters.links import link
from reports.models import Report

_LINE = 75  # octets, RFC 5545 3.1


def target_date(report: Report) -> bytes:
    """One all-day event, in words of the reader's language. The report is open, public and has a
    target date.

    A calendar that gets it again replaces the former: `UID` stays, `SEQUENCE` is the version.
    """
    due = report.due_on
    if due is None:
        raise ValueError(report.code)
    address = link("report-page", report.code)
    words = gettext("Target date: %(title)s") % {"title": report.public_title}
    told = gettext("Report %(code)s, responsible: %(department)s. An aim, not a promise.") % {
        "code": report.shown_code,
        "department": report.department.name,
    }
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Augenmerk//Augenmerk//" + (translation.get_language() or "de")[:2].upper(),
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{report.code}-target@{urlsplit(address).hostname}",
        f"DTSTAMP:{_utc(report.changed_at)}",
        f"SEQUENCE:{report.version}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(words)}",
        f"DESCRIPTION:{_text(told)}",
        f"LOCATION:{_text(_place(report))}",
        f"URL:{address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _place(report: Report) -> str:
    return ", ".join(filter(None, [report.public_place, report.municipality.name]))


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    r"""`a\, b\; c\nd`"""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text.replace("\r", "")


def _folded(line: str) -> Iterator[bytes]:
    """Pieces of at most 75 octets, none of which ends inside a character."""
    piece = b""
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > _LINE:
            yield piece
            piece = b" "
        piece += octets
    yield piece
