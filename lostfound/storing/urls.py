"""The doors of storage and cash: scanning, places, stocktaking, the ledger, the takeover."""

from __future__ import annotations

from django.urls import path

from lostfound.views import cash, sites, stocktaking, storage, takeover

urlpatterns = [
    path("amt/fund/lager", storage.scan_page, name="fund-storage"),
    path("amt/fund/lager/bewegung", storage.movement, name="fund-movement"),
    path("amt/fund/lager/orte", storage.places_page, name="fund-places"),
    path("amt/fund/lager/ort/<str:code>", storage.place_page, name="fund-place"),
    path("amt/fund/lager/ort/<str:code>/umzug", storage.place_moving, name="fund-place-moving"),
    path("amt/fund/lager/etiketten.pdf", storage.labels, name="fund-place-labels"),
    path("amt/fund/lager/fehlt", storage.missing_page, name="fund-missing"),
    path("amt/fund/sache/<str:code>/fehlt", storage.missing, name="fund-item-missing"),
    path("amt/fund/lager/inventur", stocktaking.stocktakings, name="fund-stocktakings"),
    path(
        "amt/fund/lager/inventur/<int:number>",
        stocktaking.stocktaking_page,
        name="fund-stocktaking",
    ),
    path(
        "amt/fund/lager/inventur/<int:number>/scan", stocktaking.stock_scan, name="fund-stock-scan"
    ),
    path(
        "amt/fund/lager/inventur/<int:number>/abschluss",
        stocktaking.stock_end,
        name="fund-stock-end",
    ),
    path(
        "amt/fund/lager/inventur/<int:number>/bericht.pdf",
        stocktaking.stock_report,
        name="fund-stock-report",
    ),
    path(
        "amt/fund/lager/inventur/<int:number>/liste.csv",
        stocktaking.stock_table,
        name="fund-stock-table",
    ),
    path("amt/fund/kasse", cash.cash_page, name="fund-cash"),
    path("amt/fund/kasse/buchungen.csv", cash.ledger_table, name="fund-cash-table"),
    path("amt/fund/kasse/buchung", cash.new_line, name="fund-cash-line"),
    path("amt/fund/kasse/buchung/<int:number>/storno", cash.reversal, name="fund-cash-reversal"),
    path("amt/fund/kasse/zaehlung/<str:code>", cash.count_page, name="fund-cash-count"),
    path("amt/fund/kasse/abschluss", cash.closing_page, name="fund-closing"),
    path("amt/fund/kasse/abschluss/ende", cash.closing_end, name="fund-closing-end"),
    path(
        "amt/fund/kasse/abschluss/<int:number>.pdf",
        cash.closing_report,
        name="fund-closing-report",
    ),
    path("verwaltung/fundbuero/bestand", takeover.takeovers, name="fund-takeovers"),
    path("verwaltung/fundbuero/bestand/<int:pk>", takeover.takeover, name="fund-takeover"),
    path("verwaltung/fundbuero/standort", sites.new_site, name="fund-site-new"),
    path("verwaltung/fundbuero/standort/<int:pk>", sites.site_page, name="fund-site"),
    path("verwaltung/fundbuero/standort/<int:pk>/regal", sites.new_places, name="fund-site-places"),
    path("verwaltung/fundbuero/lagerort/<str:code>", sites.place_end, name="fund-place-end"),
]
