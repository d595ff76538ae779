"""The desk's view of claims: lists in the order of work, one claim beside what staff noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lostfound.models import (
    Claim,
    ClaimEvent,
    ClaimState,
    ClaimTry,
    HiddenMark,
    Match,
    Office,
)
from lostfound.models.claims import OPEN_CLAIMS, WAITING
from townhall.models import Image, User

PAGE = 50


@dataclass(frozen=True)
class View:
    """A list of the desk."""

    slug: str
    name: str | Promise
    states: frozenset[str]


VIEWS: Mapping[str, View] = {
    view.slug: view
    for view in (
        View("wartend", _("To decide"), frozenset(WAITING)),
        View("rueckfrage", _("Question open"), frozenset({ClaimState.QUERY})),
        View("bestaetigt", _("Confirmed, not fetched"), frozenset({ClaimState.CONFIRMED})),
        View(
            "beendet",
            _("Ended"),
            frozenset({ClaimState.REJECTED, ClaimState.WITHDRAWN, ClaimState.RELEASED}),
        ),
    )
}

# What staff may say with one press; the claimant reads it in their own language.
REASONS: Mapping[str, str | Promise] = {
    "answers": _("Your answers do not fit the thing that lies here."),
    "few": _("Your answers do not let us tell the thing from others of its kind."),
    "other": _("Somebody else has shown that the thing is theirs."),
    "time": _("The thing was found before you lost yours."),
    "kind": _("It is another kind of thing than the one you describe."),
}
QUESTIONS: Mapping[str, str | Promise] = {
    "photo": _("Do you have an older photo on which one sees the thing?"),
    "receipt": _("Do you have a receipt, the box or papers with a number?"),
    "where": _("When and on which way did you lose it, as exactly as you can?"),
    "inside": _("What was in it?"),
}


@dataclass(frozen=True)
class Tab:
    view: View
    count: int
    is_here: bool


def counts(user: User, here: str) -> list[Tab]:
    """Each list with its number. One statement."""
    wanted = {
        view.slug.replace("-", "_"): Count("pk", filter=Q(state__in=view.states))
        for view in VIEWS.values()
    }
    found = Claim.objects.visible_to(user).aggregate(**wanted)
    return [Tab(view, found[view.slug], view.slug == here) for view in VIEWS.values()]


def rows(user: User, view: View, *, page: int = 1) -> Sequence[Claim]:
    """Best answered first, what a program sent last; then the oldest. One statement."""
    rivals = Count("item__claims", filter=Q(item__claims__state__in=OPEN_CLAIMS), distinct=True)
    first = (page - 1) * PAGE
    return list(
        Claim.objects.visible_to(user)
        .filter(state__in=view.states)
        .select_related("item__office", "claimant")
        .annotate(rivals=rivals)
        .order_by("is_suspect", F("score").desc(nulls_last=True), "received_at")[
            first : first + PAGE + 1
        ]
    )


def waiting(office: Office) -> int:
    """Claims that somebody has to decide."""
    return Claim.objects.filter(item__office=office, state__in=WAITING).count()


@dataclass(frozen=True)
class Line:
    """A question or a mark: what staff noted, and what each claimant said."""

    name: str
    noted: str
    said: Sequence[str]
    score: float | None
    is_ours: bool = True  # staff ask it now; else it was asked before, and is no longer


@dataclass(frozen=True)
class Dossier:
    """One claim as staff look at it. `columns`: this claim first, then its rivals."""

    claim: Claim
    columns: Sequence[Claim]
    lines: Sequence[Line]
    marks: Sequence[HiddenMark]
    tries: Sequence[ClaimTry]
    images: Sequence[Image]
    events: Sequence[ClaimEvent]
    match: Match | None

    @property
    def rivals(self) -> Sequence[Claim]:
        return self.columns[1:]

    @property
    def says_more(self) -> bool:
        """Whether there is more than the answers to our questions, or it was erased."""
        return not self.tries or bool(self.images) or any(each.text for each in self.tries)

    @property
    def rejected_by(self) -> Any:
        """Who rejected it before a second look was asked for."""
        if self.claim.state != ClaimState.REVIEW:
            return None
        before = [event for event in self.events if event.kind == "rejected"]
        return before[-1].actor if before else None


def dossier_of(claim: Claim) -> Dossier:
    """At most eight statements, whatever the number of rivals."""
    item = claim.item
    columns = [claim]
    marks: list[HiddenMark] = []
    if item is not None:
        others = item.claims.filter(state__in=OPEN_CLAIMS).exclude(pk=claim.pk)
        columns += list(others.select_related("claimant").order_by("received_at")[:5])
        marks = list(HiddenMark.objects.filter(Q(item=item) | Q(item__part_of=item)))
    tries = list(
        ClaimTry.objects.filter(claim__in=columns)
        .prefetch_related("images")
        .order_by("claim_id", "number")
    )
    own = [each for each in tries if each.claim_id == claim.pk]
    return Dossier(
        claim=claim,
        columns=columns,
        lines=_lines(claim, columns, tries),
        marks=marks,
        tries=own,
        images=[image for each in own for image in each.images.all()],
        events=list(claim.events.select_related("actor")),
        match=_match(claim),
    )


def _lines(claim: Claim, columns: Sequence[Claim], tries: Sequence[ClaimTry]) -> list[Line]:
    """Each question once, in the order of the thing's own, then what else was asked then."""
    noted = {each.text: each.answer for each in claim.item.questions.all()} if claim.item else {}
    said: dict[str, dict[int, str]] = {question: {} for question in noted}
    for attempt in tries:
        for entry in attempt.answers:
            said.setdefault(entry["question"], {})[attempt.claim_id] = entry["answer"]
    scores = {
        part["name"]: part["score"] for part in claim.components if part["kind"] == "question"
    }
    return [
        Line(
            question,
            noted.get(question, ""),
            [answers.get(each.pk, "") for each in columns],
            scores.get(question),
            question in noted,
        )
        for question, answers in said.items()
    ]


def _match(claim: Claim) -> Match | None:
    if claim.loss_id is None or claim.item_id is None:
        return None
    return Match.objects.filter(loss=claim.loss_id, item=claim.item_id).first()
