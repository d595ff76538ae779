"""The receipt of a Herausgabe as PDF: to be signed on paper, or as the record of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from lostfound.letter_paper import reference
from lostfound.models import (
    Account,
    Consent,
    FoundItem,
    Handover,
    ReceiptBy,
    Receiver,
    Regime,
)
from lostfound.money.euros import say_euros
from lostfound.releasing.dues import SURCHARGES
from lostfound.releasing.forms import EDGE
from lostfound.releasing.gate import Gate
from townhall.papers import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "handover.typ"


def receipt(item: FoundItem, handover: Handover) -> bytes:
    """What was handed over, as it was. Raises NotPrinted."""
    facts = handover.facts
    codes = [each["code"] for each in facts["things"]]
    things = {each.code: each for each in FoundItem.objects.filter(code__in=codes)}
    with translation.override("de"):
        return _print(
            item,
            things=[things[code] for code in codes if code in things],
            receiver=Receiver(handover.receiver),
            name=handover.name,
            ground=handover.ground,
            money=_money(facts["money"]),
            rows=_rows(handover),
            receipt=_receipt_line(handover),
            signature=handover.signature,
            is_draft=False,
            moment=handover.at,
            undone=handover.undone_at is not None,
            by=handover.by.name if handover.by else "",
        )


def draft(item: FoundItem, gate: Gate, *, name: str, by: str) -> bytes:
    """The same sheet before, for a signature on paper. Raises NotPrinted."""
    with translation.override("de"):
        money = _money(
            [
                {
                    "account": due.account.value,
                    "due": due.cents,
                    "paid": due.paid,
                    "waived": due.waiver is not None,
                }
                for due in gate.dues.shown
            ]
        )
        return _print(
            item,
            things=gate.things,
            receiver=gate.receiver,
            name=name,
            ground=gate.answer.ground.cite,
            money=money,
            rows=[],
            receipt="",
            signature=[],
            is_draft=True,
            moment=timezone.now(),
            undone=False,
            by=by,
        )


def _print(
    item: FoundItem,
    *,
    things: Sequence[FoundItem],
    receiver: Receiver,
    name: str,
    ground: str,
    money: list[list[str]],
    rows: list[list[str]],
    receipt: str,
    signature: Sequence[Sequence[int]],
    is_draft: bool,
    moment: dt.datetime,
    undone: bool,
    by: str,
) -> bytes:
    office = item.office
    day = formats.date_format(timezone.localtime(moment), "j. F Y, H:i")
    facts: dict[str, Any] = {
        "lang": "de",
        "title": _("Receipt of a found thing"),
        "from": office.name,
        "address": office.postal_address,
        "foot": f"{reference(item)} · {day}",
        "code": reference(item),
        "public_code": item.shown_code if item.file_number else "",
        "what": item.title,
        "rows": [
            [_("Found on"), formats.date_format(item.found_on, "j. F Y")],
            [_("Handed out to"), f"{name} ({receiver.label})"],
            [_("On the ground of"), ground],
            [_("Law"), str(Regime(item.regime).label)],
            *rows,
            [_("On"), "" if is_draft else day],
            [_("Handed out by"), by],
        ],
        "things": [[each.shown_code, each.title, each.brand] for each in things],
        "money": money,
        "receipt": receipt,
        "has_signature": bool(signature),
        "is_draft": is_draft,
        "is_undone": undone,
        "words": {
            "things": _("What was handed over"),
            "code": _("Number"),
            "thing": _("Thing"),
            "brand": _("Brand"),
            "money": _("Money, each for itself"),
            "for": _("For"),
            "due": _("Due"),
            "paid": _("Paid"),
            "state": _("Where it stands"),
            "confirm": _(
                "I have received the things named above. I was told that data and identity papers "
                "were not copied."
            ),
            "sign": _("Place, date, signature"),
            "signed": _("Signature on the screen"),
            "undone": _("This handing over was undone on the same day."),
        },
    }
    pictures = {"signature.svg": signature_svg(signature)} if signature else {}
    return print_paper(Paper(TEMPLATE, facts, pictures))


def _rows(handover: Handover) -> list[list[str]]:
    facts = handover.facts
    rows = []
    if handover.receiver in {Receiver.OWNER, Receiver.PROXY} and facts["regime"] == "general":
        word = str(Consent(facts["consent"]).label)
        if facts.get("condition"):
            word = f"{word}: {facts['condition']}"
            if met := facts.get("condition_met_on"):
                day = formats.date_format(dt.date.fromisoformat(met), "j. F Y")
                word = f"{word} ({_('met on %(day)s') % {'day': day}})"
        rows.append([_("The finder"), word])
    if handover.authorisation_seen:
        rows.append([_("Authorisation"), _("seen")])
    if handover.reference:
        rows.append([_("File"), handover.reference])
    rows.append([_("Identity paper"), _("seen, not copied")])
    return rows


def _receipt_line(handover: Handover) -> str:
    match ReceiptBy(handover.receipt):
        case ReceiptBy.CODE:
            return _("Confirmed with a code that was sent to the owner’s mailbox.")
        case ReceiptBy.PAPER:
            return _("Signed on paper; the sheet lies with the office.")
    return ""


def _money(lines: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Each for itself; where something was charged besides, what went to the office together."""
    rows = [_line(each) for each in lines]
    if any(each["account"] in SURCHARGES.values() for each in lines):
        own = [each for each in lines if not _is_finders(each) and not each["waived"]]
        due = say_euros(sum(each["due"] or 0 for each in own))
        paid = say_euros(sum(each["paid"] for each in own))
        rows.append([_("To the office, together"), due, paid, ""])
    return rows


def _line(line: dict[str, Any]) -> list[str]:
    due = "–" if line["due"] is None else say_euros(line["due"])
    if line["waived"]:
        state = _("let off")
    elif line["paid"] >= (line["due"] or 0) and (line["due"] is not None or line["paid"]):
        state = _("paid")
    else:
        state = _("open, between owner and finder") if _is_finders(line) else _("open")
    return [str(Account(line["account"]).label), due, say_euros(line["paid"]), state]


def _is_finders(line: dict[str, Any]) -> bool:
    return line["account"] in {Account.REWARD, Account.EXPENSES}


def signature_svg(strokes: Sequence[Sequence[int]]) -> bytes:
    """The strokes as a picture: whole numbers of ours, nothing that was typed."""
    paths = []
    for stroke in strokes:
        points = [f"{x} {y}" for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        if len(points) == 1:
            points *= 2
        paths.append(f'<path d="M{" L".join(points)}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {EDGE} {EDGE // 4}" '
        'fill="none" stroke="#14172a" stroke-width="9" stroke-linecap="round" '
        f'stroke-linejoin="round">{"".join(paths)}</svg>'
    ).encode()
