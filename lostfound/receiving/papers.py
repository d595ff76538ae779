"""What leaves the counter with an intake: the thing's label, and the finder's receipt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from django.utils import formats, timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.qr import qr_picture
from lostfound import law
from lostfound.law.kinds import Ending, handling
from lostfound.law.reward import VERKEHRSFUND_FROM_CENTS, finders_reward
from lostfound.models import Consent, Deadline, Finder, FoundItem, Value
from lostfound.money.euros import say_euros
from lostfound.terms import policy_of
from lostfound.workflow import State
from townhall.links import link
from townhall.papers import Paper, print_paper

_PAPERS: Final = Path(__file__).parent.parent / "papers"
LABELS: Final = _PAPERS / "item_labels.typ"
RECEIPT: Final = _PAPERS / "receipt_for_finder.typ"


def labels(items: Sequence[FoundItem]) -> bytes:
    """PDF, 62 mm wide, a page for each thing. The next deadline as reckoned. Raises NotPrinted.

    The items come with their offices and deadlines. Nobody's name stands on a label.
    """
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("Labels of found things"),
        "from": items[0].office.name if items else "",
        "labels": [_label(item) for item in items],
        "words": {"due": _("Deadline"), "qr_alt": _("QR code of the found thing")},
    }
    codes = {f"{item.code}.svg": qr_picture(address_of(item)) for item in items}
    return print_paper(Paper(LABELS, facts, codes))


def address_of(item: FoundItem) -> str:
    """What the label's code says: the thing's page, for staff alone."""
    return link("fund-item", item.code)


def _label(item: FoundItem) -> dict[str, str]:
    return {
        "file": f"{item.code}.svg",
        "code": item.shown_code,
        "number": item.file_number or item.shown_code,
        "thing": item.title,
        "due": _short(due_of(item)),
        "from": item.office.name,
    }


def due_of(item: FoundItem) -> dt.date | None:
    """The last day of the period that runs, else the day on which staff must act."""
    deadline: Deadline | None = getattr(item, "deadline", None)
    return (deadline.ends_on or deadline.due_on) if deadline else None


def _short(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def receipt(item: FoundItem) -> bytes:
    """PDF, in the finder's language. Raises NotPrinted. The thing comes with its office."""
    person: Finder | None = getattr(item, "finder", None)
    with translation.override(person.language if person else get_language()):
        return print_paper(_receipt(item, person))


def _receipt(item: FoundItem, person: Finder | None) -> Paper:
    today = timezone.localdate()
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("Finder’s receipt"),
        "from": item.office.name,
        "foot": f"{item.file_number or item.shown_code} · {_short(today)}",
        "thing": item.title,
        "number": item.file_number or item.shown_code,
        "code": item.shown_code,
        "rows": _rows(item, person),
        "rights": list(rights_in_words(item)),
        "steps": _steps(item),
        "contact": _contact(item),
        "place_and_day": _("%(town)s, %(day)s")
        % {"town": item.office.municipality.name, "day": _short(today)},
        "words": {
            "rights": _("Your rights"),
            "next": _("What happens now?"),
            "contact": _("Where the thing is kept"),
            "qr_alt": _("QR code for the lost property office"),
            "signature": _("For the lost property office"),
        },
    }
    return Paper(RECEIPT, facts, {"qr.svg": qr_picture(address_of(item))})


def _rows(item: FoundItem, person: Finder | None) -> list[list[str]]:
    place = ", ".join(
        filter(None, [item.place_text, item.find_place.name if item.find_place else ""])
    )
    parts = [part.title for part in item.parts.order_by("pk")]
    rows = [
        [_("What"), item.title],
        [_("With it"), "; ".join(parts)],
        [_("Found"), " ".join(filter(None, [_long(item.found_on), item.found_time]))],
        [_("Where"), place],
        [_("First handed in to"), _between(item)],
        [_("Reported to us on"), _long(item.notice_on)],
        [_("Value"), _value(item)],
        [_("Where it is"), _whereabouts(item)],
        [_("Finder"), _who(person)],
    ]
    return [[name, said] for name, said in rows if said]


def _who(person: Finder | None) -> str:
    return ", ".join(filter(None, [person.name, person.postal_address])) if person else ""


def _between(item: FoundItem) -> str:
    day = _long(item.handed_over_on) if item.handed_over_on else ""
    return ", ".join(filter(None, [item.handed_over_to, day]))


def _value(item: FoundItem) -> str:
    match item.value:
        case Value.SMALL:
            return _("up to %(amount)s") % {"amount": say_euros(item.value_cents or 0)}
        case Value.ESTIMATE if item.value_cents is not None:
            return _("about %(amount)s (estimated)") % {"amount": say_euros(item.value_cents)}
        case Value.EXACT if item.value_cents is not None:
            return say_euros(item.value_cents)
        case Value.DEAR:
            return str(Value.DEAR.label)
    return ""


def _whereabouts(item: FoundItem) -> str:
    return _("with you (§ 966 BGB)") if item.state == State.WITH_FINDER else item.office.name


def _long(day: dt.date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


# ── Rights, in plain words ───────────────────────────────────────────────────────────────────
def rights_in_words(item: FoundItem) -> Iterator[str]:
    """One sentence each, with paragraph and day."""
    if not item.has_finder:
        yield (
            _("You waived everything and did not give your name. We have kept nothing about you.")
            if item.claims_reward is False
            else _("No finder is known by name.")
        )
        return
    yield from _reward(item)
    yield from _expenses(item)
    yield from _ownership(item)
    yield from _consent(item)


def _reward(item: FoundItem) -> Iterator[str]:
    if item.claims_reward is None:
        yield _("There is no finder’s reward for a find of this kind.")
    elif not item.claims_reward:
        yield _("You have waived the finder’s reward (§ 971 BGB).")
    elif item.law_regime is law.Regime.VERKEHRSFUND:
        yield _(
            "You claim the finder’s reward: from a value of %(limit)s, half of the usual one "
            "(§ 978 para. 2 BGB)."
        ) % {"limit": say_euros(VERKEHRSFUND_FROM_CENTS)} + _estimate(item)
    else:
        yield (
            _("You claim the finder’s reward: 5 % up to 500 €, 3 % of what is above (§ 971 BGB).")
            + _estimate(item)
        )


def _estimate(item: FoundItem) -> str:
    """A number only where a value is known that a reward can be reckoned from."""
    if item.value not in {Value.ESTIMATE, Value.EXACT} or item.value_cents is None:
        return ""
    cents = finders_reward(
        item.value_cents,
        regime=item.law_regime,
        animal=item.law_kind is law.Kind.ANIMAL,
        rounding=policy_of(item.office.municipality).rounding,
    )
    return " " + _("As valued today that is %(amount)s.") % {"amount": say_euros(cents)}


def _expenses(item: FoundItem) -> Iterator[str]:
    if item.claims_expenses:
        yield _("You claim your expenses (§ 970 BGB). Keep the receipts.")
    elif item.claims_expenses is False:
        yield _("You have waived your expenses (§ 970 BGB).")


def _ownership(item: FoundItem) -> Iterator[str]:
    if item.claims_ownership is None:
        yield _("A find of this kind does not become the finder’s (§ 978 BGB).")
    elif not handling(item.law_kind).finder_may_own:
        yield _("Papers and cards never become the finder’s: they go to whoever issued them.")
    elif not item.claims_ownership:
        yield _("You have waived the ownership: it passes to the municipality (§ 976 BGB).")
    else:
        is_small = item.course.value_cents <= law.duty.SMALL_FIND_CENTS
        start = item.found_on if is_small else item.notice_on
        yield _(
            "If nobody comes for it by %(last)s, it is yours from %(first)s on (§ 973 BGB). "
            "We write to you then."
        ) % {"last": _long(law.last_day(start)), "first": _long(law.finder_owns_from(start))}


def _consent(item: FoundItem) -> Iterator[str]:
    if item.law_regime is not law.Regime.GENERAL:
        return
    match item.consent:
        case Consent.GIVEN:
            yield _("You agree that we give the thing to whoever is entitled to it.")
        case Consent.CONDITIONAL:
            yield _("You agree that we give it to its owner on this condition: %(condition)s") % {
                "condition": item.consent_condition
            }
        case Consent.REFUSED:
            yield _("You do not agree that we give it to its owner without asking you again.")


def _steps(item: FoundItem) -> list[str]:
    if item.state == State.WITH_FINDER:
        return [
            _("Keep the thing safe. You answer only for intent and gross negligence (§ 968 BGB)."),
            _("Do not give it to anybody yet: we tell you when the owner has come forward."),
            _("You may bring it to us at any time (§ 967 BGB)."),
        ]
    steps = [
        _("We look for the owner and compare the thing with reported losses."),
        _("Keep this sheet: with its number we find your case at once."),
    ]
    leaves = handling(item.law_kind).ending is Ending.FORWARDED
    if not leaves and item.claims_ownership:
        steps.append(_("Tell us if your address changes, or our letter will not reach you."))
    return steps


def _contact(item: FoundItem) -> list[list[str]]:
    office = item.office
    rows = [
        [_("This office"), office.name],
        [_("Address"), office.postal_address],
        [_("Telephone"), office.phone],
        [_("E-mail"), office.email],
        [_("Opening hours"), office.opening_hours],
    ]
    return [[name, said] for name, said in rows if said]
