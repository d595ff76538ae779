"""Public pages of the lost property offices."""

from django.urls import path

from lostfound.views import claims, find, found_item, search

urlpatterns = [
    path("fundbuero", search.search, name="found-search"),
    path("fundbuero/liste", search.results, name="found-results"),
    path("fundbuero/atom.xml", search.feed, name="found-feed"),
    path("fundbuero/sache/<str:code>", found_item.found_item, name="found-item"),
    path("fundbuero/fund", find.find_form, name="find-form"),
    path("fundbuero/fund/stand/<str:token>", find.find_page, name="find"),
    path("fundbuero/fund/stand/<str:token>/antwort", find.find_answer, name="find-answer"),
    path("fundbuero/fund/stand/<str:token>/zurueck", find.find_withdrawal, name="find-withdrawal"),
    path("fundbuero/fund/stand/<str:token>/zettel.pdf", find.find_sheet, name="find-sheet"),
    path("fundbuero/fund/bestaetigen/<str:token>", find.find_confirm, name="find-confirm"),
    *(
        path(
            f"fundbuero/fund/{step}/<str:token>",
            find.find_step,
            {"step": step},
            name=f"find-{step}",
        )
        for step in find.STEPS
    ),
    path("fundbuero/anspruch/<str:code>", claims.claim_form, name="claim-form"),
    path(
        "fundbuero/anspruch/<str:code>/treffer/<str:token>", claims.claim_from_hit, name="claim-hit"
    ),
    # Capabilities: the token is the key.
    path("fundbuero/anspruch/stand/<str:token>", claims.claim_page, name="claim"),
    path("fundbuero/anspruch/stand/<str:token>/ergaenzung", claims.claim_more, name="claim-more"),
    path(
        "fundbuero/anspruch/stand/<str:token>/ueberpruefung",
        claims.claim_review,
        name="claim-review",
    ),
    path(
        "fundbuero/anspruch/stand/<str:token>/rueckzug",
        claims.claim_withdrawal,
        name="claim-withdrawal",
    ),
    path("fundbuero/abholung/<str:token>", claims.pickup, name="pickup"),
]
