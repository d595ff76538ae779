"""Deadlines and what becomes of things: the counter's doors."""

from __future__ import annotations

from django.urls import path

from lostfound.views import deadlines, deeds, endings, retention, setup

_ITEM = "amt/fund/sache/<str:code>"

urlpatterns = [
    path("amt/fund/fristen", deadlines.deadlines, name="fund-deadlines"),
    path("amt/fund/fristen.csv", deadlines.deadlines_file, name="fund-deadlines-file"),
    path("amt/fund/fristen/auswahl", deadlines.choose, name="fund-bulk-choice"),
    path("amt/fund/fristen/<slug:action>", deadlines.many, name="fund-bulk"),
    path("amt/fund/bekanntmachungen", endings.notice_list, name="fund-notices"),
    path("amt/fund/bekanntmachungen/<int:pk>", endings.notice_page, name="fund-notice"),
    path("amt/fund/bekanntmachungen/<int:pk>.pdf", endings.notice_paper, name="fund-notice-paper"),
    path("amt/fund/versteigerungen", endings.auction_list, name="fund-auctions"),
    path("amt/fund/versteigerungen/<int:pk>", endings.auction_page, name="fund-auction"),
    path("amt/fund/versteigerungen/<int:pk>.pdf", endings.auction_paper, name="fund-auction-paper"),
    path("amt/fund/versteigerungen/<int:pk>/los/<int:number>", endings.lot_result, name="fund-lot"),
    path("amt/fund/verwertungen", endings.disposal_list, name="fund-disposals"),
    path("amt/fund/verwertungen/<int:pk>", endings.disposal_page, name="fund-disposal"),
    path("amt/fund/verwertungen/<int:pk>.pdf", endings.disposal_paper, name="fund-disposal-paper"),
    path(
        "amt/fund/verwertungen/<int:pk>/freigabe",
        endings.disposal_approval,
        name="fund-disposal-approval",
    ),
    path(
        "amt/fund/verwertungen/<int:pk>/ablehnung",
        endings.disposal_refusal,
        name="fund-disposal-refusal",
    ),
    path(
        "amt/fund/verwertungen/<int:pk>/ausfuehrung",
        endings.disposal_execution,
        name="fund-disposal-execution",
    ),
    path(f"{_ITEM}/frist/<slug:name>", deeds.deed, name="fund-deed"),
    path(f"{_ITEM}/daten", deeds.data, name="fund-data"),
    path(f"{_ITEM}/abgabe", deeds.move, name="fund-move"),
    path(f"{_ITEM}/finder", deeds.finder_wishes, name="fund-finder-wishes"),
    path(f"{_ITEM}/anschrift/<slug:whose>", deeds.address, name="fund-address"),
    path(f"{_ITEM}/finderbrief.pdf", deeds.finder_letter, name="fund-finder-letter"),
    path(f"{_ITEM}/erklaerung.pdf", deeds.declaration_letter, name="fund-declaration-letter"),
    path(f"{_ITEM}/begleitschreiben.pdf", deeds.cover_letter, name="fund-cover-letter"),
    path("verwaltung/fundbuero", setup.settings_page, name="fund-settings"),
    path("verwaltung/fundbuero/pruefung", setup.checked, name="fund-checked"),
    path("verwaltung/fundbuero/gebuehren", setup.fees_page, name="fund-fees"),
    path("verwaltung/fundbuero/gebuehren/muster", setup.fees_sample, name="fund-fees-sample"),
    path("verwaltung/fundbuero/orte", setup.places_page, name="fund-find-places"),
    path("verwaltung/fundbuero/orte/neu", setup.place_form, name="fund-find-place-new"),
    path("verwaltung/fundbuero/orte/<int:pk>", setup.place_form, name="fund-find-place"),
    path("verwaltung/fundbuero/bueros", setup.offices_page, name="fund-offices"),
    path("verwaltung/fundbuero/bueros/<slug:slug>", setup.office_form, name="fund-office"),
    path("verwaltung/fundbuero/aufbewahrung", retention.retention_page, name="fund-retention"),
    path("verwaltung/fundbuero/aufbewahrung/archiv", retention.archive, name="fund-archive"),
    path(
        "verwaltung/fundbuero/aufbewahrung/archiv.csv",
        retention.archive_file,
        name="fund-archive-file",
    ),
]
