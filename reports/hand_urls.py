"""The desk's doors for joining, dividing and sharing reports, and for many at once."""

from __future__ import annotations

from django.urls import path

from reports.views import bulk, commissioning, crews, hands, incidents, merging

HAND_URLS = [
    path("amt/sammeln", bulk.bulk_page, name="desk-bulk"),
    path("amt/sammeln/<uuid:batch_id>", bulk.batch_page, name="desk-batch"),
    path(
        "amt/meldung/<str:code>/zusammenfuehrung",
        merging.merging_page,
        name="desk-merging",
    ),
    path(
        "amt/meldung/<str:code>/mitwirkung/<int:pk>",
        hands.share_page,
        name="desk-share",
    ),
    path(
        "amt/meldung/<str:code>/auftrag/<int:pk>/ende",
        commissioning.end_page,
        name="desk-task-end",
    ),
    path("amt/trupps", crews.crews_page, name="crews"),
    path("amt/trupps/<int:pk>/<str:day>", crews.sheet_page, name="crew-sheet"),
    path("amt/lagen", incidents.incidents_page, name="incidents"),
    path("amt/lagen/<str:code>", incidents.incident_page, name="incident"),
]
