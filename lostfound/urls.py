"""Public pages of the lost property offices."""

from django.urls import path

from lostfound.views import claims, find, found_item, loss_form, loss_page, search
from lostfound.views.endings import hanging

urlpatterns = [
    path("fundbuero/bekanntmachung", hanging, name="found-notices"),
    path("fundbuero", search.search, name="found-search"),
    path("fundbuero/liste", search.results, name="found-results"),
    path("fundbuero/atom.xml", search.feed, name="found-feed"),
    path("fundbuero/sache/<str:code>", found_item.found_item, name="found-item"),
    path(
        "fundbuero/sache/<str:code>/foto/<uuid:image_id>/<str:size>",
        found_item.picture,
        name="found-picture",
    ),
    path("fundbuero/fund", find.find_form, name="find-form"),
    path("fundbuero/fund/stand/<str:token>", find.find_page, name="find"),
    path("fundbuero/fund/stand/<str:token>/antwort", find.find_answer, name="find-answer"),
    path("fundbuero/fund/stand/<str:token>/rechte", find.find_wishes, name="find-wishes"),
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
    path("fundbuero/abholung/<str:token>/vollmacht.pdf", claims.authorisation, name="pickup-proxy"),
    path("fundbuero/verlust", loss_form.loss_form, name="loss-form"),
    path(
        "fundbuero/verlust/formular/<str:token>/<str:step>",
        loss_form.loss_step,
        name="loss-step",
    ),
    path("fundbuero/verlust/bestaetigen/<str:token>", loss_page.loss_confirm, name="loss-confirm"),
    path(
        "fundbuero/verlust/nachrichten/<str:token>",
        loss_page.loss_letters_page,
        name="loss-letters",
    ),
    path("fundbuero/verlust/<str:token>", loss_page.loss_page, name="loss-hits"),
    path(
        "fundbuero/verlust/<str:token>/treffer/<str:code>",
        loss_page.loss_answer,
        name="loss-answer",
    ),
    path("fundbuero/verlust/<str:token>/gefunden", loss_page.loss_found, name="loss-found"),
    path("fundbuero/verlust/<str:token>/weiter", loss_page.loss_go_on, name="loss-go-on"),
    path("fundbuero/verlust/<str:token>/loeschen", loss_page.loss_erasure, name="loss-erasure"),
    path(
        "fundbuero/verlust/<str:token>/bestaetigung",
        loss_page.loss_new_link,
        name="loss-confirmation",
    ),
    path(
        "fundbuero/verlust/<str:token>/bescheinigung.pdf",
        loss_page.loss_certificate,
        name="loss-paper",
    ),
]
