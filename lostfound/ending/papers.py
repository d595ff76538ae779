"""Papers of endings: the notice for the board, the record of a disposal, of an auction."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from frontend.qr import qr_picture
from lostfound.ending import auctions
from lostfound.letter_paper import Sheet, lines_of, print_sheet, reference
from lostfound.models import (
    Auction,
    Disposal,
    DisposalState,
    Forwarding,
    FoundItem,
    LotResult,
    Notice,
    Way,
)
from lostfound.money import proceeds
from lostfound.money.euros import say_euros
from lostfound.wording import ADDRESSEES, KEPT
from townhall.links import link
from townhall.models import User
from townhall.papers import Paper, print_paper

HOME: Final = Path(__file__).parent.parent / "papers"


def notice(row: Notice) -> bytes:
    """A4 for the board, with a code that leads to the page. German. Raises NotPrinted."""
    address = link("found-notices", town=row.office.municipality)
    with translation.override("de"):
        facts = {
            "title": _("Public notice of found things"),
            "from": row.office.name,
            "number": str(row),
            "foot": f"{row.office.name} · {_('No.')} {row}",
            "posted": _day(row.posted_on),
            "ends": _day(row.ends_on),
            "town": row.office.municipality.name,
            "lead": _(
                "These things were handed in here. Whoever has a right to one of them is asked to "
                "register it at the lost property office by %(until)s (§ 980 Abs. 1 BGB). After "
                "that they may be auctioned."
            )
            % {"until": _day(row.ends_on)},
            "head": [_("No."), _("Thing"), _("Found in")],
            "rows": [
                [entry.item.shown_code, entry.text, entry.place]
                for entry in row.entries.select_related("item")
            ],
            "office": [
                each
                for each in (
                    [_("Address"), row.office.postal_address],
                    [_("Hours"), row.office.opening_hours],
                    [_("Telephone"), row.office.phone],
                )
                if each[1]
            ],
            "words": {
                "posted": _("Posted on"),
                "taken": _("Taken down on"),
                "until": _("Until"),
                "signature": _("Signature"),
                "qr": _("This notice on the web"),
            },
        }
        pictures = {"qr.svg": qr_picture(address)}
        return print_paper(Paper(HOME / "notice.typ", facts, pictures))


def disposal(row: Disposal) -> bytes:
    """The record: who proposed, approved, carried out, witnessed. Raises NotPrinted."""
    with translation.override("de"):
        entries = list(row.entries.select_related("item"))
        gone = [entry for entry in entries if not entry.kept_because]
        kept = [entry for entry in entries if entry.kept_because]
        is_done = row.state == DisposalState.DONE
        title = _("Record of a disposal") if is_done else _("Proposal of a disposal")
        facts = {
            "title": title,
            "from": row.office.name,
            "foot": f"{row.office.name} · {title} {row.pk}",
            "summary": _summary(row),
            "things": _("Things"),
            "head": _head(row),
            "rows": [_line(row, number, entry) for number, entry in enumerate(gone, start=1)],
            "kept_title": _("Left out") if kept else "",
            "kept_head": [_("No."), _("Thing"), _("Because")],
            "kept": [
                [reference(entry.item), entry.item.title, str(KEPT.get(entry.kept_because, ""))]
                for entry in kept
            ],
            "total": _total(gone) if row.way == Way.SALE else "",
            "signatures": [
                [_("Carried out by"), row.done_by.name if row.done_by else ""],
                [_("Witness"), row.witness.name if row.witness else ""],
            ],
        }
        return print_paper(Paper(HOME / "record.typ", facts))


def _summary(row: Disposal) -> list[list[str]]:
    said = [
        [_("Way"), str(row.get_way_display())],
        [_("Stage"), str(row.get_state_display())],
        [_("Reason"), row.reason],
        [_("Receiver"), row.receiver],
        [_("Proposed"), _who(row.proposed_at, row.proposed_by)],
        [_("Approved"), _who(row.decided_at, row.decided_by)],
        [_("Carried out on"), _day(row.done_on) if row.done_on else ""],
    ]
    return [each for each in said if each[1]]


def _head(row: Disposal) -> list[str]:
    head = ["", _("No."), _("Thing"), _("Found")]
    return [*head, _("Paid")] if row.way == Way.SALE else head


def _line(row: Disposal, number: int, entry: Any) -> list[str]:
    item: FoundItem = entry.item
    line = [str(number), reference(item), item.title, _short(item.found_on)]
    return [*line, say_euros(entry.proceeds_cents)] if row.way == Way.SALE else line


def _total(entries: list[Any]) -> str:
    total = say_euros(sum(entry.proceeds_cents for entry in entries))
    return _("In all: %(sum)s") % {"sum": total}


def auction(row: Auction) -> bytes:
    """The list of lots with reserves and results. Raises NotPrinted."""
    with translation.override("de"):
        lots = list(row.lots.select_related("item"))
        money = proceeds.open_money(lot.item for lot in lots)
        got, costs = auctions.sums(lots)
        facts = {
            "title": _("Auction: %(name)s") % {"name": row.name},
            "from": row.office.name,
            "foot": f"{row.office.name} · {_day(row.held_on)}",
            "summary": [[_("Day"), _day(row.held_on)], [_("Place or platform"), row.place]],
            "things": _("Lots"),
            "head": ["", _("No."), _("Thing"), _("Reserve"), _("Result")],
            "rows": [
                [
                    str(lot.number),
                    reference(lot.item),
                    lot.item.title,
                    say_euros(lot.reserve_cents),
                    say_euros(money[lot.item_id].cents)
                    if lot.result == LotResult.SOLD and lot.item_id in money
                    else str(lot.get_result_display()),
                ]
                for lot in lots
            ],
            "kept_title": "",
            "kept_head": [],
            "kept": [],
            "total": _("Proceeds %(sum)s, costs %(costs)s")
            % {"sum": say_euros(got), "costs": say_euros(costs)},
            "signatures": [[_("For the office"), ""]],
        }
        return print_paper(Paper(HOME / "record.typ", facts))


def cover(item: FoundItem, row: Forwarding, *, by: User) -> bytes:
    """The letter that goes with a paper or a card. It names nobody: the paper does.

    Raises NotPrinted.
    """
    with translation.override("de"):
        kind = str(item.thing.label)
        sheet = Sheet(
            office=item.office,
            to=[row.receiver, *lines_of(row.address)],
            subject=_("Found: %(kind)s") % {"kind": kind},
            paragraphs=[
                _("Good day,"),
                _(
                    "the enclosed was handed in here as a find. Nobody has fetched it within the "
                    "time that we wait for. We pass it on to you as %(whom)s."
                )
                % {"whom": str(ADDRESSEES.get(row.to, row.receiver))},
                *([row.note] if row.note else []),
            ],
            table=[
                [_("Found"), _day(item.found_on)],
                [_("Handed in here"), _day(item.notice_on)],
                [_("Place"), (item.found_in or item.office.municipality).name],
            ],
            after=[
                _(
                    "Please let us know if you are not the right place for it. We have kept no "
                    "copy, and no claims of a finder are open on it."
                )
                if not item.has_finder
                else _("Please let us know if you are not the right place for it.")
            ],
            day=timezone.localdate(row.at),
            about=reference(item),
            by=by,
            enclosure=f"1 × {kind}",
        )
    return print_sheet(sheet)


def _who(at: dt.datetime | None, person: User | None) -> str:
    if at is None:
        return ""
    day = formats.date_format(timezone.localtime(at), "d.m.Y, H:i")
    return f"{day}, {person.name}" if person else day


def _day(day: dt.date | None) -> str:
    return formats.date_format(day, "j. F Y") if day else "–"


def _short(day: dt.date) -> str:
    return formats.date_format(day, "d.m.Y")
