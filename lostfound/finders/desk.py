"""What the counter does with a finder's report: take it in, leave it at home, ask, decline."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from lostfound import law
from lostfound.finders import letters as find_letters
from lostfound.finders.finds import TooLate, locked, save
from lostfound.law.rights import Right
from lostfound.models import (
    Consent,
    Finder,
    FindPhoto,
    FindReport,
    FindReporter,
    FindState,
    FoundItem,
    PlaceKind,
    Source,
    Spot,
    Value,
    Whereabouts,
)
from lostfound.receiving import intake
from lostfound.receiving.intake import Facts, Person
from lostfound.workflow import State
from townhall import letters
from townhall.models import User

# A finder's words for a place, in the register's. Who runs a school or a pool stays a question.
_PLACES: dict[str, PlaceKind] = {
    Spot.OPEN: PlaceKind.STREET,
    Spot.TRANSPORT: PlaceKind.BUS,
    Spot.TAXI: PlaceKind.TAXI,
    Spot.AUTHORITY: PlaceKind.TOWN_HALL,
    Spot.SCHOOL: PlaceKind.SCHOOL,
    Spot.POOL: PlaceKind.POOL,
    Spot.SHOP: PlaceKind.SHOP,
    Spot.HOME: PlaceKind.PRIVATE_HOME,
}


class NotAtHome(Exception):
    """The law wants this thing delivered, or nobody would be known to have it."""


def intake_id(find: FindReport) -> uuid.UUID:
    """The id of the one intake that a report can become."""
    return uuid.uuid5(find.client_id, "intake")


def facts_of(find: FindReport) -> Facts:
    """The intake as far as the finder has filled it in. Its day of notice is the report's (§ 965).

    The rights are those that the finder was asked for; staff ask again where they see another law.
    """
    reporter = FindReporter.objects.filter(find=find).first()
    facts = Facts(
        kind=find.kind,
        colour=find.colour,
        brand=find.brand,
        description=find.description,
        found_on=find.found_on,
        found_time=find.found_time,
        handed_over_on=find.handed_in_on,
        handed_over_to=find.handed_in_to,
        notice_on=timezone.localdate(find.reported_at),
        position=find.found_at,
        place_text=find.place_text,
        find_place=find.find_place,
        place_kind="" if find.find_place else _PLACES[find.spot],
        value=find.value,
        value_cents=find.value_cents if find.value in {Value.ESTIMATE, Value.EXACT} else None,
        finder=_person(find, reporter) if reporter else None,
        is_anonymous=find.is_anonymous,
        claims={
            Right.REWARD: find.claims_reward,
            Right.EXPENSES: find.claims_expenses,
            Right.OWNERSHIP: find.claims_ownership,
        },
        consent=find.consent,
        consent_condition=condition_of(find),
    )
    if facts.settled_regime == find.regime:
        return facts
    reason = gettext("As reported online by the finder")
    return replace(facts, regime=find.regime, regime_reason=reason)


def _person(find: FindReport, reporter: FindReporter) -> Person:
    return Person(
        name=reporter.name,
        postal_address=reporter.postal_address,
        email=reporter.email,
        phone=reporter.phone,
        language=find.language,
        is_minor=reporter.is_minor,
        guardian=reporter.guardian,
    )


def condition_of(find: FindReport) -> str:
    return gettext("Finder’s reward paid") if find.consent == Consent.CONDITIONAL else ""


def may_stay_at_home(find: FindReport) -> bool:
    """§ 966: what isn't found in an authority or a bus, and nothing that must be delivered."""
    if find.is_anonymous or not find.is_open or find.whereabouts == Whereabouts.HANDED_IN:
        return False
    if find.law_regime is not law.Regime.GENERAL:
        return False
    return law.duty.finder_may_keep(find.thing.law, delivery_ordered=False).allowed


def leave_at_home(find: FindReport, *, by: User) -> FoundItem:
    """Enter the thing while its finder keeps it (§ 966): the address stays secret.

    Raises TooLate, NotAtHome, and intake.Refused where the report lacks what the record needs.
    """
    with transaction.atomic():
        find = locked(find.pk)
        if not find.is_open:
            raise TooLate
        if not may_stay_at_home(find):
            raise NotAtHome
        facts = replace(facts_of(find), no_mark_visible=True)
        draft = intake.Draft(
            client_id=intake_id(find),
            facts=facts,
            kept_by_finder=True,
            photo_ids=_release_photos(find),
            source=Source.ONLINE,
            source_reference=find.shown_code,
            publish=False,
        )
        item = intake.take_in(draft, office=find.office, by=by).item
        _keep_unnamed(find, item)
        _settle(find, FindState.KEPT, by=by, item=item)
        letters.post(*find_letters.told(find, "kept"))
    return item


def adopt(find: FindReport, item: FoundItem, *, by: User) -> None:
    """The intake of the reported thing is written: tie both, tell the finder.

    In the transaction of the intake. Again with the same thing = no change. Raises TooLate.
    """
    find = locked(find.pk)
    if find.item_id == item.pk:
        return
    if find.state == FindState.TAKEN_IN or find.item_id:
        raise TooLate
    _keep_unnamed(find, item)
    at_home = item.state == State.WITH_FINDER
    _settle(find, FindState.KEPT if at_home else FindState.TAKEN_IN, by=by, item=item)
    letters.post(*find_letters.told(find, "kept" if at_home else "taken_in"))


def _keep_unnamed(find: FindReport, item: FoundItem) -> None:
    """Nobody is asked at the counter; who reported from home was."""
    Finder.objects.filter(item=item).update(may_be_named=find.may_be_named)


def photo_ids(find: FindReport) -> tuple[uuid.UUID, ...]:
    return tuple(FindPhoto.objects.filter(find=find).values_list("image_id", flat=True))


def _release_photos(find: FindReport) -> tuple[uuid.UUID, ...]:
    """The pictures go over to the thing; those that may not be kept of its kind stay behind."""
    wanted = photo_ids(find)
    if not law.handling(find.thing.law).photographed:
        return ()
    FindPhoto.objects.filter(find=find).delete()
    return wanted


def ask_back(find: FindReport, *, by: User, question: str) -> None:
    """A question on the finder's page, and by letter. Raises TooLate."""
    with transaction.atomic():
        find = locked(find.pk)
        if not find.is_open:
            raise TooLate
        find.state, find.reason, find.decided_by = FindState.QUERY, question.strip(), by
        save(find)
        letters.post(*find_letters.told(find, "query"))


def reject(find: FindReport, *, by: User, reason: str) -> None:
    """Not a find, not ours, nothing to do. The finder reads why. Raises TooLate."""
    with transaction.atomic():
        find = locked(find.pk)
        if not find.is_open:
            raise TooLate
        find.reason = reason.strip()
        _settle(find, FindState.REJECTED, by=by)
        letters.post(*find_letters.told(find, "rejected"))


def _settle(find: FindReport, state: FindState, *, by: User, item: FoundItem | None = None) -> None:
    find.state, find.item = state, item
    find.decided_at, find.decided_by = timezone.now(), by
    save(find)
