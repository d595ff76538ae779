"""What this room keeps about a mailbox: reports sent in with it, reports followed from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.letters import news
from reports.models import Contact, Follower, Report, Submission
from reports.personal import disclosure
from reports.voices import amending
from townhall import belongings
from townhall.belongings import Belongings, Known, Sheet
from townhall.capabilities import token_for
from townhall.letters.erasing import erase_about
from townhall.mailboxes import Mailbox

MOST = 200  # on one page; the copy holds all


def register() -> None:
    for each in (Reported(), Followed(), OnDevice()):
        belongings.register(each)


# ── Reported ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class OwnReport:
    """A line of the list. `token` opens the report's own page; "" where nobody sent it in."""

    report: Report
    contact: Contact
    token: str

    @property
    def page(self) -> str:
        return reverse("own-report", args=[self.token]) if self.token else ""

    @property
    def thumb(self) -> str:
        photo = next((each for each in self.report.photos.all() if each.remark_id is None), None)
        if photo is None or not self.token:
            return ""
        return reverse("own-photo", args=[self.token, photo.image_id, "thumb"])

    @property
    def may_change(self) -> bool:
        return bool(self.token) and amending.may_change(self.report, now=timezone.now())

    @property
    def may_withdraw(self) -> bool:
        return bool(self.token) and amending.may_withdraw(self.report, now=timezone.now())

    @property
    def gets_letters(self) -> bool:
        state = getattr(self.contact, "correspondence", None)
        return self.contact.confirmed_at is not None and (state is None or state.goes_on)

    @property
    def is_unreachable(self) -> bool:
        state = getattr(self.contact, "correspondence", None)
        return state is not None and state.unreachable_at is not None


def reported(mailbox: Mailbox) -> QuerySet[Contact]:
    """Newest first."""
    return mailbox.among(Contact.objects.exclude(email="")).order_by("-report__received_at")


def own_reports(mailbox: Mailbox) -> list[OwnReport]:
    """Three statements whatever the number."""
    rows = list(
        reported(mailbox)
        .select_related(
            "correspondence",
            "report__category__group",
            "report__municipality",
            "report__department",
        )
        .prefetch_related("report__photos")[:MOST]
    )
    tokens = _tokens(row.report.code for row in rows)
    return [OwnReport(row.report, row, tokens.get(row.report.code, "")) for row in rows]


def _tokens(codes: Iterable[str]) -> dict[str, str]:
    sent_in = Submission.objects.filter(code__in=list(codes)).values_list("code", "client_id")
    return {code: token_for("view", client_id) for code, client_id in sent_in}


class Reported(Belongings):
    slug: ClassVar = "gemeldet"
    title: ClassVar[str | Promise] = pgettext_lazy("tab of my reports", "Reported")
    template: ClassVar = "reports/mine/_reported.html"

    def known(self, mailbox: Mailbox) -> Known | None:
        newest = reported(mailbox).select_related("report__municipality").first()
        if newest is None:
            return None
        town = newest.report.municipality
        return Known(newest.email, sender=town.name, reply_to=town.email)

    def count(self, mailbox: Mailbox) -> int | None:
        return reported(mailbox).count()

    def facts(self, mailbox: Mailbox, *, request: HttpRequest) -> Mapping[str, Any]:
        return {"own_reports": own_reports(mailbox), "most": MOST}

    def copy(self, mailbox: Mailbox) -> Iterable[Sheet]:
        contacts = reported(mailbox).select_related(
            "report__category__group", "report__municipality", "report__department"
        )
        return [disclosure.of_reports(list(contacts))]

    def forget(self, mailbox: Mailbox) -> int:
        """Reports lock one after the other, lowest first: two such wishes can't cross."""
        ids = reported(mailbox).order_by("report").values_list("report", flat=True)
        return sum(amending.erase_silently(pk) for pk in list(ids))


# ── Followed ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class FollowedReport:
    follower: Follower

    @property
    def report(self) -> Report:
        return self.follower.report

    @property
    def page(self) -> str:
        """ "" where everybody but staff has lost sight of it."""
        report = self.report
        return reverse("report-page", args=[report.code]) if report.is_public else ""

    @property
    def letters_page(self) -> str:
        return reverse("follow-end", args=[news.end_token(self.follower)])


def followed(mailbox: Mailbox) -> QuerySet[Follower]:
    """Newest first, with what was not confirmed yet."""
    return mailbox.among(Follower.objects.all()).order_by("-asked_at")


class Followed(Belongings):
    slug: ClassVar = "gefolgt"
    title: ClassVar[str | Promise] = _("Followed")
    template: ClassVar = "reports/mine/_followed.html"

    def known(self, mailbox: Mailbox) -> Known | None:
        newest = followed(mailbox).select_related("report__municipality").first()
        if newest is None:
            return None
        town = newest.report.municipality
        return Known(newest.email, sender=town.name, reply_to=town.email)

    def count(self, mailbox: Mailbox) -> int | None:
        return followed(mailbox).count()

    def facts(self, mailbox: Mailbox, *, request: HttpRequest) -> Mapping[str, Any]:
        rows = followed(mailbox).select_related("report__category__group", "report__municipality")
        return {"followed": [FollowedReport(row) for row in rows[:MOST]], "most": MOST}

    def copy(self, mailbox: Mailbox) -> Iterable[Sheet]:
        rows = followed(mailbox).select_related("report__category__group", "report__municipality")
        return [disclosure.of_followings(list(rows))]

    def forget(self, mailbox: Mailbox) -> int:
        """The voice stays, with nobody's name to it."""
        rows = list(followed(mailbox).select_related("report"))
        for row in rows:
            erase_about(f"report:{row.report.code}", only=news.KINDS, to=row.email)
        return (
            Follower.objects.filter(pk__in=[row.pk for row in rows])
            .delete()[1]
            .get(Follower._meta.label, 0)
        )


class OnDevice(Belongings):
    """Forms that wait in this browser: the server knows nothing of them."""

    slug: ClassVar = "entwuerfe"
    title: ClassVar[str | Promise] = _("Drafts (device)")
    template: ClassVar = "reports/mine/_device.html"
    needs_visit: ClassVar = False
