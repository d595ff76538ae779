"""Doors of the town hall itself."""

from __future__ import annotations

from django.urls import path, re_path

from townhall.views import mailbox, outbox, sign_in

urlpatterns = [
    path("amt/anmelden", sign_in.SignIn.as_view(), name="sign-in"),
    path("amt/abmelden", sign_in.SignOut.as_view(), name="sign-out"),
    path("amt/post", outbox.outbox_page, name="outbox"),
    path("amt/post/<uuid:letter_id>/versand", outbox.dispatch, name="outbox-dispatch"),
    re_path(r"^postkasten/?$", mailbox.mailbox, name="mailbox"),
]
