"""What this room keeps about a mailbox: losses, claims, reports of finds, and finds at the counter.

One tab for all of them. Erasing reaches what the law lets go at once: a thing that was handed over
keeps its proof until its time has come, and a finder's rights need the finder (§§ 965 ff. BGB).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lostfound.catalogue import GROUPS
from lostfound.claiming import claims
from lostfound.losing import losses
from lostfound.models import (
    Claimant,
    ClaimState,
    Finder,
    FindReporter,
    FindState,
    Loser,
    LossReport,
    LossState,
)
from townhall import belongings
from townhall.belongings import Belongings, Known, Sheet
from townhall.letters.erasing import erase_about
from townhall.mailboxes import Mailbox

MOST = 200  # of a kind on one page; the copy holds all


def register() -> None:
    belongings.register(LostAndFound())


@dataclass(frozen=True)
class Line:
    """An entry of the tab. `page` is the owner's own; "" where there is none."""

    icon: str
    title: str
    code: str
    at: dt.datetime
    state: str | Promise
    page: str = ""
    note: str | Promise = ""
    is_open: bool = False


class Part:
    """One kind of record. `rows` are those of the mailbox, newest first."""

    slug: ClassVar[str]
    title: ClassVar[str | Promise]

    def rows(self, mailbox: Mailbox) -> QuerySet[Any]:
        raise NotImplementedError

    def known(self, row: Any) -> Known:
        raise NotImplementedError

    def line(self, row: Any) -> Line:
        raise NotImplementedError

    def record(self, row: Any) -> Mapping[str, Any]:
        """For the copy."""
        raise NotImplementedError

    def forget(self, row: Any) -> int:
        """1 where something was erased."""
        raise NotImplementedError


class Losses(Part):
    slug = "verlustmeldungen"
    title = _("Your loss reports")

    def rows(self, mailbox: Mailbox) -> QuerySet[Any]:
        rows = mailbox.among(Loser.objects.exclude(email=""))
        return rows.select_related("loss__municipality").order_by("-loss__reported_at")

    def known(self, row: Loser) -> Known:
        town = row.loss.municipality
        return Known(row.email, town.name if town else "", town.email if town else "")

    def line(self, row: Loser) -> Line:
        loss = row.loss
        return Line(
            GROUPS[loss.thing.group].icon,
            loss.title,
            loss.shown_code,
            loss.reported_at,
            loss.get_state_display(),
            page=reverse("loss-hits", args=[losses.token_of(loss)]),
            note="" if row.confirmed_at else _("The address is not confirmed yet."),
            is_open=loss.state == LossState.OPEN,
        )

    def record(self, row: Loser) -> Mapping[str, Any]:
        loss = row.loss
        return {
            "code": loss.shown_code,
            "state": loss.get_state_display(),
            "thing": loss.title,
            "description": loss.description,
            "marks": [
                {"mark": mark.kind, "text": mark.text or f"… {mark.tail}"}
                for mark in loss.marks.all()
            ],
            "from": loss.lost_from,
            "until": loss.lost_until,
            "time": loss.time_text,
            "place": ", ".join(filter(None, [loss.transport_line, loss.place_text])),
            **_person(row),
            "reported": loss.reported_at,
            "confirmed": row.confirmed_at,
            "events": [
                {"at": event.at, "what": event.get_kind_display()} for event in loss.events.all()
            ],
        }

    def forget(self, row: Loser) -> int:
        losses.erase(LossReport(pk=row.loss_id))
        return 1


class Claims(Part):
    slug = "ansprueche"
    title = _("Your claims")

    def rows(self, mailbox: Mailbox) -> QuerySet[Any]:
        rows = mailbox.among(Claimant.objects.exclude(email=""))
        return rows.select_related("claim__item__office").order_by("-claim__received_at")

    def known(self, row: Claimant) -> Known:
        item = row.claim.item
        office = item.office if item else None
        return Known(row.email, office.name if office else "", office.email if office else "")

    def line(self, row: Claimant) -> Line:
        claim = row.claim
        is_alive = claim.capability_expires_at > timezone.now()
        return Line(
            "lock",
            claim.title or gettext("Thing %(code)s") % {"code": claim.wanted},
            str(claim),
            claim.received_at,
            claim.get_state_display(),
            page=reverse("claim", args=[claims.own_token(claim)]) if is_alive else "",
        )

    def record(self, row: Claimant) -> Mapping[str, Any]:
        claim = row.claim
        return {
            "code": str(claim),
            "state": claim.get_state_display(),
            "thing": claim.title,
            **_person(row),
            "received": claim.received_at,
            "reason": claim.reason,
            "answers": [
                {"at": each.at, "text": each.text, "answers": _answers(each.answers)}
                for each in claim.tries.all()
            ],
        }

    def forget(self, row: Claimant) -> int:
        claim = row.claim
        if claim.state == ClaimState.RELEASED:  # the proof of the handing over
            return 0
        claims.forget(claims.withdraw(claim))
        return 1


class Finds(Part):
    slug = "fundanzeigen"
    title = _("Your reports of finds")

    def rows(self, mailbox: Mailbox) -> QuerySet[Any]:
        rows = mailbox.among(FindReporter.objects.exclude(email=""))
        return rows.select_related("find__office").order_by("-find__reported_at")

    def known(self, row: FindReporter) -> Known:
        return Known(row.email, row.find.office.name, row.find.office.email)

    def line(self, row: FindReporter) -> Line:
        find = row.find
        return Line(
            GROUPS[find.thing.group].icon,
            find.title,
            find.shown_code,
            find.reported_at,
            find.get_state_display(),
        )

    def record(self, row: FindReporter) -> Mapping[str, Any]:
        find = row.find
        return {
            "code": find.shown_code,
            "state": find.get_state_display(),
            "thing": find.title,
            "description": find.description,
            "found": find.found_on,
            "place": find.place_text,
            **_person(row),
            "guardian": row.guardian,
            "reported": find.reported_at,
            "reason": find.reason,
        }

    def forget(self, row: FindReporter) -> int:
        if row.find.state in {FindState.TAKEN_IN, FindState.KEPT}:  # rights and duties need them
            return 0
        with transaction.atomic():
            erase_about(f"find:{row.find.code}")
            return FindReporter.objects.filter(pk=row.pk).delete()[0]


class AtCounter(Part):
    slug = "funde"
    title = _("Your finds")

    def rows(self, mailbox: Mailbox) -> QuerySet[Any]:
        rows = mailbox.among(Finder.objects.exclude(email=""))
        return rows.select_related("item__office").order_by("-item__received_at")

    def known(self, row: Finder) -> Known:
        return Known(row.email, row.item.office.name, row.item.office.email)

    def line(self, row: Finder) -> Line:
        item = row.item
        return Line(
            GROUPS[item.thing.group].icon,
            item.title,
            item.shown_code,
            item.received_at,
            item.get_state_display(),
        )

    def record(self, row: Finder) -> Mapping[str, Any]:
        item = row.item
        return {
            "code": item.shown_code,
            "state": item.get_state_display(),
            "thing": item.title,
            "found": item.found_on,
            "place": item.place_text,
            **_person(row),
            "guardian": row.guardian,
            "received": item.received_at,
        }

    def forget(self, row: Finder) -> int:
        """Never before its time: who found it is what reward and ownership hang on."""
        return 0


PARTS: tuple[Part, ...] = (Losses(), Claims(), Finds(), AtCounter())


def _person(row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("name", "email", "phone", "postal_address")}


def _answers(answers: Sequence[Mapping[str, str]]) -> str:
    return "; ".join(f"{each.get('question', '')} {each.get('answer', '')}" for each in answers)


class LostAndFound(Belongings):
    """„Fundbüro“ in „Meine Meldungen“."""

    slug: ClassVar = "fundbuero"
    title: ClassVar[str | Promise] = _("Lost and found")
    template: ClassVar = "lostfound/mine.html"
    erasing: ClassVar[str | Promise] = _(
        "Loss reports and open claims are erased at once. What was handed over or found keeps its "
        "proof for as long as the law asks."
    )

    def known(self, mailbox: Mailbox) -> Known | None:
        for part in PARTS:
            if (row := part.rows(mailbox).first()) is not None:
                return part.known(row)
        return None

    def count(self, mailbox: Mailbox) -> int | None:
        """One statement for all parts."""
        first, *more = (part.rows(mailbox).order_by().values_list("pk") for part in PARTS)
        return first.union(*more, all=True).count()

    def facts(self, mailbox: Mailbox, *, request: HttpRequest) -> Mapping[str, Any]:
        shown = [
            (part.title, [part.line(row) for row in part.rows(mailbox)[:MOST]]) for part in PARTS
        ]
        return {"found_parts": [(title, lines) for title, lines in shown if lines], "most": MOST}

    def copy(self, mailbox: Mailbox) -> Iterable[Sheet]:
        for part in PARTS:
            records = [dict(part.record(row)) for row in part.rows(mailbox)]
            if records:
                yield Sheet(part.slug, str(part.title), labels(), records)

    def forget(self, mailbox: Mailbox) -> int:
        return sum(part.forget(row) for part in PARTS for row in list(part.rows(mailbox)))


def labels() -> dict[str, str]:
    return {
        "code": gettext("Number"),
        "state": gettext("Stage"),
        "thing": gettext("Thing"),
        "description": gettext("Description"),
        "marks": gettext("For the check only"),
        "mark": gettext("Feature"),
        "text": gettext("Text"),
        "from": gettext("At the earliest"),
        "until": gettext("At the latest"),
        "time": gettext("Time of day"),
        "place": gettext("Place"),
        "found": gettext("Found"),
        "name": gettext("Name"),
        "email": gettext("E-mail"),
        "phone": gettext("Telephone"),
        "postal_address": gettext("Postal address"),
        "guardian": gettext("Parent or guardian"),
        "reported": gettext("Reported"),
        "received": gettext("Received"),
        "confirmed": gettext("Address confirmed"),
        "reason": gettext("Our answer"),
        "answers": gettext("Your answers"),
        "events": gettext("What happened"),
        "at": gettext("When"),
        "what": gettext("What"),
    }
