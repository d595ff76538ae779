"""Letters about losses. They tell; the deeds decide whether to tell. Subjects name no thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lostfound.models import Loser, LossEventKind, LossReport, Office
from lostfound.recording import record_loss
from townhall import letters
from townhall.capabilities import token_for
from townhall.codes import normalise
from townhall.letters import Draft
from townhall.links import link
from townhall.models import Letter, User

HITS: Final = "loss_hits"


def about(loss: LossReport) -> str:
    return f"loss:{loss.code}"


def confirm_token(loss: LossReport, loser: Loser) -> str:
    """Each round has a link of its own: an expired one does not come to life again."""
    return token_for(f"loss confirm {loser.confirm_round}", loss.client_id)


def receipt(loss: LossReport, loser: Loser) -> Draft:
    """With the button's link, and the one to the owner's page."""
    return _with_links(loss, loser, "receipt")


def new_confirmation(loss: LossReport, loser: Loser) -> Draft:
    draft = _with_links(loss, loser, "confirmation")
    return replace(draft, key=f"{about(loss)}:confirmation:{loser.confirm_round}")


def hits(loss: LossReport, loser: Loser, found: Sequence[Any]) -> Draft:
    """`found`: what is new, as the owner's page shows it (lostfound.hits.Hit)."""
    return _to_listener(loss, loser, "hits", hits=found)


def asked(loss: LossReport, loser: Loser) -> Draft:
    """Whether to go on, before the search ends by itself."""
    return _to_listener(loss, loser, "asked")


def _to_listener(loss: LossReport, loser: Loser, kind: str, **more: Any) -> Draft:
    """To somebody who confirmed the address; one POST ends such letters (RFC 8058)."""
    with translation.override(loss.language):
        end = link(
            "loss-letters", token_for("loss letters", loss.client_id), town=loss.municipality
        )
    return replace(_draft(loss, loser, kind, unsubscribe=end, **more), unsubscribe=end)


def _with_links(loss: LossReport, loser: Loser, kind: str) -> Draft:
    with translation.override(loss.language):
        confirm = link("loss-confirm", confirm_token(loss, loser), town=loss.municipality)
    return _draft(loss, loser, kind, confirm=confirm)


def _draft(loss: LossReport, loser: Loser, kind: str, **facts: Any) -> Draft:
    """Subject is the template's first line, the text the rest."""
    office = office_of(loss)
    with translation.override(loss.language):
        page = link("loss-hits", token_for("loss", loss.client_id), town=loss.municipality)
        known: Mapping[str, Any] = {"loss": loss, "office": office, "page": page, **facts}
        letter = render_to_string(f"lostfound/letters/loss_{kind}.txt", dict(known))
    subject, _line, text = letter.strip().partition("\n")
    return Draft(
        key=f"{about(loss)}:{loss.version}:{kind}",
        kind=f"loss_{kind}",
        about=about(loss),
        to=loser.email,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=loss.language,
        municipality_id=loss.municipality_id,
        sender=office.name if office else "",
        reply_to=office.email or office.municipality.email if office else "",
    )


def office_of(loss: LossReport) -> Office | None:
    """Whose counter answers: that of the town in which it was lost. One statement."""
    return Office.objects.filter(municipality=loss.municipality_id).order_by("pk").first()


# ── What the post tells us ───────────────────────────────────────────────────────────────────
class LossLetters(letters.Subject):
    """Letters about "loss:CODE"."""

    prefix: ClassVar = "loss"
    kinds: ClassVar[Mapping[str, str | Promise]] = {
        "loss_receipt": _("Receipt of a loss report"),
        "loss_confirmation": _("New link to who lost something"),
        HITS: _("Possible matches of a loss"),
        "loss_asked": _("Whether to go on looking"),
    }

    def page(self, name: str) -> str:
        return reverse("fund-loss", args=[name])

    def shown(self, name: str) -> str:
        code = normalise(name)
        return f"{code[:4]}-{code[4:]}" if code else name

    def bounced(self, letter: Letter) -> None:
        """No further letters are tried at this address, and staff see it."""
        loss = _of(letter)
        loser = Loser.objects.filter(loss=loss, email=letter.to, unreachable_at=None).first()
        if loss is None or loser is None:
            return
        letters.withdraw(about=letter.about, kind=HITS)
        loser.unreachable_at = timezone.now()
        loser.save(update_fields=["unreachable_at"])
        record_loss(loss, LossEventKind.UNREACHABLE)

    def sent_again(self, letter: Letter, *, by: User) -> None:
        """Who sends again to an address believes in it."""
        loss = _of(letter)
        known = Loser.objects.filter(loss=loss, email=letter.to, unreachable_at__isnull=False)
        if loss and known.update(unreachable_at=None):
            record_loss(loss, LossEventKind.LETTERS, by=by, facts={"on": True})


def _of(letter: Letter) -> LossReport | None:
    rows = LossReport.objects.select_for_update(of=("self",))
    return rows.filter(code=letters.name_of(letter)).first()


def register() -> None:
    letters.register(LossLetters())
