"""The counter's doors for claims and for what leaves the house."""

from __future__ import annotations

from django.urls import path

from lostfound.views import claim_desk, release

_CLAIM = "amt/fund/ansprueche/<str:code>"
_RELEASE = "amt/fund/herausgabe/<str:code>"

urlpatterns = [
    path("amt/fund/ansprueche", claim_desk.claims_list, name="fund-claims"),
    path(_CLAIM, claim_desk.claim_page, name="fund-claim"),
    *(
        path(f"{_CLAIM}/{deed}", claim_desk.decision, {"deed": deed}, name=f"fund-claim-{deed}")
        for deed in claim_desk.DEEDS
    ),
    path(f"{_CLAIM}/kontakt", claim_desk.contact, name="fund-claim-contact"),
    path(f"{_CLAIM}/ausweis", claim_desk.identity, name="fund-claim-identity"),
    path(f"{_CLAIM}/bild/<uuid:image_id>/<str:size>", claim_desk.image, name="fund-claim-image"),
    path(_RELEASE, release.release_page, name="fund-release"),
    path(f"{_RELEASE}/herausgabe", release.hand_over, name="fund-hand-over"),
    path(f"{_RELEASE}/schalter", release.walk_in, name="fund-walk-in"),
    path(f"{_RELEASE}/zustimmung", release.consent, name="fund-consent"),
    path(f"{_RELEASE}/bedingung", release.condition, name="fund-condition"),
    path(f"{_RELEASE}/nachfrage", release.inquiry, name="fund-inquiry"),
    path(f"{_RELEASE}/zahlung", release.payment, name="fund-payment"),
    path(f"{_RELEASE}/erlass", release.waiver, name="fund-waiver"),
    path(f"{_RELEASE}/zuschlag", release.surcharge, name="fund-surcharge"),
    path(f"{_RELEASE}/zuschlag-ende", release.surcharge_end, name="fund-surcharge-end"),
    path(f"{_RELEASE}/code", release.code, name="fund-receipt-code"),
    path(f"{_RELEASE}/quittung.pdf", release.receipt, name="fund-receipt"),
    *(
        path(f"{_RELEASE}/brief/{to}", release.letter, {"to": to}, name=f"fund-letter-{to}")
        for to in ("finder", "owner")
    ),
    path(f"{_RELEASE}/ruecknahme", release.undo, name="fund-undo"),
]
