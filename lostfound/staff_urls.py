"""The counter's doors."""

from __future__ import annotations

from django.urls import path

from lostfound.views import desk, item

urlpatterns = [
    path("amt/fund", desk.start, name="fund-desk"),
    path("amt/fund/sache/<str:code>", item.item_page, name="fund-item"),
]
