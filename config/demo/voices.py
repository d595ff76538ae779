"""Whom the demo's reports concern, too, and who follows them.

Slipped into the finished stories with dice of their own, so that nothing else of the demo shifts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from uuid import UUID

from reports.letters import news
from reports.models import Event, EventKind, Follower, Publication, Supporter, Visibility
from reports.personal import retention
from reports.voices import support
from reports.workflow import CLOSED, Status
from townhall.capabilities import digest

from .stories import FIRST_NAMES, LAST_NAMES, Story, mail_of

MOST = 34
# How much more than other things these move the neighbours.
INTEREST = {
    "ampel": 2.5,
    "gehwegschaden": 1.5,
    "hundekot": 2.0,
    "laerm": 2.5,
    "laterne": 1.5,
    "radwegschaden": 2.5,
    "spielgeraet": 3.0,
    "wilder-muell": 1.5,
}


def raise_voices(stories: Sequence[Story], *, seed: int) -> None:
    """About half of what everybody sees concerns somebody else, a few things a whole street."""
    for story in stories:
        if _is_heard(story):
            rng = Random(f"{seed} voices {story.report.code}")  # noqa: S311
            wish = _wish(story, rng)
            _slip_in(story, [*_support(story, wish, rng), *_follow(story, wish, rng)])


def _is_heard(story: Story) -> bool:
    """What is long over has left public view, and nobody who followed it is known any more."""
    report = story.report
    is_over = report.status in CLOSED and story.days >= retention.CONTACT_AFTER_CLOSING.days
    return report.is_public and report.status != Status.DUPLICATE and not is_over


def _wish(story: Story, rng: Random) -> int:
    """How many speak up. Hangs on the dice and not on the day."""
    report = story.report
    interest = 3.0 if report.is_hazard else INTEREST.get(report.category.code, 1.0)
    spread = min(1.0, 0.3 + story.days / 10)  # word has to get around first
    return min(MOST, int(rng.lognormvariate(0, 1) * interest * spread))


# ── Voices ───────────────────────────────────────────────────────────────────────────────────
def _support(story: Story, wish: int, rng: Random) -> list[Event]:
    report, heard = story.report, []
    for at in _moments(story, wish, rng):
        token = support.token_of(_uuid(rng))
        voice = Supporter(report=report, at=at, token_digest=digest(token))
        heard.append(_told(story, EventKind.SUPPORTED, at))
        if report.status not in CLOSED and rng.random() < 0.08:
            voice.worse_at = at
            heard.append(_told(story, EventKind.WORSE, at))
        story.supporters.append(voice)
    return heard


def _follow(story: Story, wish: int, rng: Random) -> list[Event]:
    """One in three wants to know what becomes of it, and a quarter of the silent ones' reports
    have somebody who does."""
    count = wish // 3 or int(rng.random() < 0.25)
    names = rng.sample([f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES], count)
    heard = []
    for name, at in zip(names, _moments(story, count, rng), strict=True):
        row = Follower(
            id=_uuid(rng),
            report=story.report,
            email=mail_of(name),
            language="en" if rng.random() < 0.1 else "de",
            client_id=_uuid(rng),
            asked_at=at,
            confirm_expires_at=at + retention.CONFIRMATION,
            confirmed_at=at,
        )
        row.confirm_digest = digest(news.confirm_token(row))
        row.token_digest = digest(news.end_token(row))
        story.followers.append(row)
        heard.append(_told(story, EventKind.FOLLOWED, at))
    return heard


def _moments(story: Story, count: int, rng: Random) -> list[dt.datetime]:
    """While the report stood open for everybody to see, rather earlier than later."""
    begin = _public_since(story)
    end = story.report.closed_at or story.now
    shares = sorted(rng.betavariate(1, 1.6) for _ in range(count))
    return [begin + (end - begin) * share for share in shares]


def _public_since(story: Story) -> dt.datetime:
    if story.report.publication == Publication.AT_ONCE:
        return story.report.received_at
    return next((event.at for event in story.events if event.was_public), story.at)


def _uuid(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


# ── Between the events ───────────────────────────────────────────────────────────────────────
def _told(story: Story, kind: EventKind, at: dt.datetime) -> Event:
    """What the deed writes: staff read it, and the public sees a number."""
    is_seen = kind == EventKind.SUPPORTED
    return Event(
        report=story.report,
        kind=kind,
        at=at,
        visibility=Visibility.INTERNAL,
        was_public=True,
        facts={"by": "resident"} if kind == EventKind.WORSE else {},
        tiles=story.tiles() if is_seen else [],
    )


def _slip_in(story: Story, heard: list[Event]) -> None:
    """Number everything anew in the order in which it happened."""
    heard.sort(key=lambda event: event.at)
    before = [(event.at, event.version) for event in story.events]
    for event in story.events:
        event.version += sum(each.at < event.at for each in heard)
    for number, event in enumerate(heard, start=1):
        event.version = number + max(version for at, version in before if at <= event.at)
    story.events = sorted([*story.events, *heard], key=lambda event: (event.version, event.at))
    story.report.version += len(heard)
