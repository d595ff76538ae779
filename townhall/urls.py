"""Doors of the town hall itself."""

from __future__ import annotations

from django.urls import path, re_path

from townhall.views import mailbox, outbox, privacy, rota, sign_in

urlpatterns = [
    path("datenschutz", privacy.privacy, name="privacy"),
    path("amt/anmelden", sign_in.SignIn.as_view(), name="sign-in"),
    path("amt/abmelden", sign_in.SignOut.as_view(), name="sign-out"),
    path("amt/post", outbox.outbox_page, name="outbox"),
    path("amt/post/<uuid:letter_id>/versand", outbox.dispatch, name="outbox-dispatch"),
    path("amt/bereitschaft", rota.rotas, name="rotas"),
    path("amt/bereitschaft/<slug:slug>", rota.rota_page, name="rota"),
    path("amt/bereitschaft/<slug:slug>/schluessel", rota.secret, name="rota-secret"),
    *(
        path(f"amt/bereitschaft/<slug:slug>/{kind}", rota.thing, {"kind": kind}, name=name)
        for kind, name in (
            ("regeln", "rota-rules"),
            ("personen", "rota-people"),
            ("dienste", "rota-shifts"),
        )
    ),
    *(
        path(f"amt/bereitschaft/<slug:slug>/{kind}/<int:pk>{rest}", view, {"kind": kind}, name=name)
        for kind, rest, view, name in (
            ("personen", "", rota.thing, "rota-person"),
            ("personen", "/entfernung", rota.removal, "rota-person-removal"),
            ("dienste", "", rota.thing, "rota-shift"),
            ("dienste", "/entfernung", rota.removal, "rota-shift-removal"),
        )
    ),
    re_path(r"^postkasten/?$", mailbox.mailbox, name="mailbox"),
]
