"""Letters to reporters without e-mail: printed, put in an envelope, and noted as such.

They are letters like all others (townhall.letters); only their channel is paper. Once nothing can
be taken back any more they lie here until somebody has printed them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone, translation
from django.utils.translation import gettext

from reports.deeds.work import done_beside, roles_on
from reports.letters.links import link, own_token
from reports.models import EventKind, Report, Visibility
from reports.workflow import Deed, may
from townhall.models import Channel, Letter, LetterState, User
from townhall.papers.letter import (
    PaperLetter,
    ReplySlip,
    lines_of,
    print_letters,
    return_line,
    written_day,
)

MOST = 100
_SIGNATURE = re.compile(r"^--\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Waiting:
    """A letter with the report it is about."""

    letter: Letter
    report: Report

    @property
    def reader(self) -> str:
        """The first line of the window."""
        return self.letter.to.partition("\n")[0]


def waiting(user: User, *, is_printed: bool = False) -> list[Waiting]:
    """What this user may print, oldest first; of what is printed, newest first. Two statements."""
    state = LetterState.SENT if is_printed else LetterState.TO_PRINT
    order = "-sent_at" if is_printed else "created_at"
    rows = _papers(user).filter(state=state).order_by(order, "pk")[:MOST]
    return _with_reports(rows, user)


def chosen(ids: Iterable[UUID], user: User) -> list[Waiting]:
    """Those of the letters that this user may print, in the order of the queue."""
    rows = _papers(user).filter(pk__in=list(ids)).order_by("created_at", "pk")[:MOST]
    return _with_reports(rows, user)


def _papers(user: User) -> QuerySet[Letter]:
    about = Concat(Value("report:"), "code")
    mine = Report.objects.in_care_of(user).annotate(about=about).values("about")
    papers = Letter.objects.filter(channel=Channel.PAPER, about__in=mine).exclude(to="")
    return papers.filter(state__in=[LetterState.TO_PRINT, LetterState.SENT])


def _with_reports(letters: Iterable[Letter], user: User) -> list[Waiting]:
    rows = list(letters)
    codes = {each.about.partition(":")[2] for each in rows}
    reports = {each.code: each for each in Report.objects.with_faces().filter(code__in=codes)}
    pairs = ((each, reports.get(each.about.partition(":")[2])) for each in rows)
    return [
        Waiting(letter, report)
        for letter, report in pairs
        if report and may(roles_on(user, report), Deed.WRITE)
    ]


def mark_printed(papers: Iterable[Waiting], *, by: User) -> int:
    """They are in the post: each is noted in its report's life, once. Returns how many."""
    return sum(_mark(each, by) for each in papers)


def _mark(paper: Waiting, by: User) -> bool:
    with done_beside(paper.report, by) as work:
        if not may(roles_on(by, work.report), Deed.WRITE):
            return False
        lying = Letter.objects.filter(pk=paper.letter.pk, state=LetterState.TO_PRINT)
        if not lying.update(state=LetterState.SENT, sent_at=timezone.now()):
            return False
        work.tell(
            EventKind.LETTER_PRINTED, Visibility.INTERNAL, facts={"letter": paper.letter.kind}
        )
        return True


# ── On paper ─────────────────────────────────────────────────────────────────────────────────
def print_all(papers: Sequence[Waiting]) -> bytes:
    """One PDF, each letter on sheets of its own. Raises NotPrinted."""
    with translation.override("de"):
        return print_letters([_sheet(each) for each in papers])


def _sheet(paper: Waiting) -> PaperLetter:
    letter, report = paper.letter, paper.report
    town, office = report.municipality, report.department
    words = _SIGNATURE.split(letter.text, maxsplit=1)[0]
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", words) if part.strip()]
    ask = gettext("Do you want to tell us something? Please call or write, and name %(code)s.")
    slip = _slip(paper) if letter.kind == "question" else None
    return PaperLetter(
        sender=town.full_name,
        return_line=return_line(town.full_name, town.postal_address),
        to=letter.to.splitlines(),
        info=[
            (gettext("Our reference"), report.shown_code),
            (gettext("Office"), office.name),
            (gettext("Telephone"), office.phone or town.phone),
            (gettext("E-mail"), office.email or town.email),
            (gettext("Date"), written_day(timezone.localdate(letter.created_at))),
        ],
        subject=letter.subject,
        paragraphs=paragraphs if slip else [*paragraphs, ask % {"code": report.shown_code}],
        signed=office.name,
        foot=f"{town.full_name} · {report.shown_code}",
        slip=slip,
    )


def _slip(paper: Waiting) -> ReplySlip:
    """How to answer a question: by the page that the QR code opens, or by the part to send back."""
    report = paper.report
    town, office = report.municipality, report.department
    token = own_token(report)
    by_code = gettext(
        "Please answer with your phone, with a photo if you like: scan the code. Or call us, or "
        "write on the slip below and send it back. The code opens your report: keep it to yourself."
    )
    return ReplySlip(
        how=by_code if token else gettext("Please call us, or send back the slip below."),
        title=gettext("My answer"),
        to=[town.name, office.name, *lines_of(town.postal_address)],
        about=f"{report.shown_code} · {report.title}",
        signed=gettext("Date, name"),
        address=link("own-reply", token, town=town) if token else "",
    )
