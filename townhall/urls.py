"""Doors of the town hall itself."""

from __future__ import annotations

from django.urls import path, re_path

from townhall.views import (
    account,
    mailbox,
    outbox,
    privacy,
    rota,
    second_step,
    session,
    sign_in,
)

urlpatterns = [
    path("datenschutz", privacy.privacy, name="privacy"),
    path("amt/anmelden", sign_in.SignIn.as_view(), name="sign-in"),
    path("amt/anmelden/zweiter-faktor", second_step.second_step, name="second-step"),
    path("amt/konto", account.account_page, name="account"),
    path("amt/konto/bestaetigung", account.password_again, name="account-password-again"),
    path("amt/konto/passwort", account.password_page, name="account-password"),
    path("amt/konto/app", account.app_page, name="account-app"),
    path("amt/konto/passkey", account.passkey_page, name="account-passkey"),
    path("amt/konto/notfallcodes", account.paper_page, name="account-paper"),
    path(
        "amt/konto/faktor/<int:pk>/entfernung",
        account.factor_removal,
        name="account-factor-removal",
    ),
    path("amt/konto/sitzungen/ende", account.sessions_end, name="account-sessions-end"),
    path("amt/konto/sitzungen/<int:pk>/ende", account.sessions_end, name="account-session-end"),
    path("amt/abmelden", sign_in.SignOut.as_view(), name="sign-out"),
    path("amt/sitzung", session.session, name="session"),
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
