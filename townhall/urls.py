"""Doors of the town hall itself."""

from __future__ import annotations

from django.urls import path, re_path

from townhall.views import mailbox, sign_in

urlpatterns = [
    path("amt/anmelden", sign_in.SignIn.as_view(), name="sign-in"),
    path("amt/abmelden", sign_in.SignOut.as_view(), name="sign-out"),
    re_path(r"^postkasten/?$", mailbox.mailbox, name="mailbox"),
]
