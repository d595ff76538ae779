"""The desk's doors."""

from __future__ import annotations

from django.urls import path

from reports.views import moderation, pixels, staff

urlpatterns = [
    path("amt", staff.desk_page, name="desk"),
    path("amt/ansichten", staff.views_piece, name="desk-views"),
    path("amt/meldung/<str:code>", staff.report_page, name="desk-report"),
    path("amt/meldung/<str:code>/zeile", staff.row_piece, name="desk-row"),
    path("amt/meldung/<str:code>/kontakt", staff.contact_page, name="desk-contact"),
    path("amt/meldung/<str:code>/haftungsakte", staff.liability_page, name="desk-haftungsakte"),
    *(
        path(
            f"amt/meldung/<str:code>/{slug}",
            staff.thing_page,
            {"slug": slug},
            name=f"desk-{slug}",
        )
        for slug in staff.THINGS
    ),
    path(
        "amt/meldung/<str:code>/foto/<uuid:image_id>/verpixelung",
        pixels.desk_pixels,
        name="desk-pixels",
    ),
    path(
        "amt/meldung/<str:code>/rueckmeldung/<uuid:remark_id>",
        moderation.remark_page,
        name="desk-remark",
    ),
    path("amt/meldung/<str:code>/probleme", moderation.problems_page, name="desk-problems"),
    path("amt/foto/<uuid:image_id>/<str:size>", staff.photo, name="desk-photo"),
]
