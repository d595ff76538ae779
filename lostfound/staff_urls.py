"""The counter's doors."""

from __future__ import annotations

from django.urls import include, path

from lostfound.ending import urls as deadline_urls
from lostfound.views import deliveries, desk, finds, intake, intake_papers, item, listing, loss_desk

urlpatterns = [
    path("amt/fund", desk.start, name="fund-desk"),
    *deadline_urls.urlpatterns,
    path("amt/fund/annahme", intake.intake_page, name="fund-intake"),
    path("amt/fund/annahme/foto/<uuid:image_id>", intake.staged_photo, name="fund-staged-photo"),
    path("amt/fund/sache/<str:code>", item.item_page, name="fund-item"),
    path("amt/fund/sache/<str:code>/etikett.pdf", intake_papers.label, name="fund-label"),
    path(
        "amt/fund/sache/<str:code>/bescheinigung.pdf",
        intake_papers.receipt,
        name="fund-certificate",
    ),
    path("amt/fund/sache/<str:code>/angaben", item.change_page, name="fund-change"),
    path("amt/fund/sache/<str:code>/teile", item.parts, name="fund-parts"),
    path("amt/fund/sache/<str:code>/merkmale", item.marks, name="fund-marks"),
    path("amt/fund/sache/<str:code>/fotos", item.add_photos, name="fund-photos"),
    path(
        "amt/fund/sache/<str:code>/fotos/<uuid:image_id>/entfernung",
        item.photo_removal,
        name="fund-photo-removal",
    ),
    path("amt/fund/foto/<uuid:image_id>/<str:size>", item.photo, name="fund-photo"),
    path("amt/fund/sache/<str:code>/anzeige", listing.listing_publish, name="fund-listing"),
    path(
        "amt/fund/sache/<str:code>/anzeige/foto",
        listing.listing_picture,
        name="fund-listing-picture",
    ),
    path("amt/fund/sache/<str:code>/anzeige/ende", listing.listing_end, name="fund-listing-end"),
    path("", include("lostfound.storing.urls")),
    path("", include("lostfound.claiming.urls")),
    path("amt/fund/sammelannahme", deliveries.delivery_form, name="fund-deliveries"),
    path("amt/fund/sammelannahme/<str:code>", deliveries.delivery_page, name="fund-delivery"),
    path(
        "amt/fund/sammelannahme/<str:code>/quittung.pdf",
        deliveries.delivery_receipt,
        name="fund-delivery-receipt",
    ),
    path("amt/fund/fundanzeigen", finds.finds_list, name="fund-finds"),
    path("amt/fund/fundanzeigen/<str:code>", finds.find_page, name="fund-find"),
    path(
        "amt/fund/fundanzeigen/<str:code>/foto/<uuid:image_id>/<str:size>",
        finds.find_photo,
        name="fund-find-photo",
    ),
    path(
        "amt/fund/fundanzeigen/<str:code>/beim-finder",
        finds.find_at_home,
        name="fund-find-at-home",
    ),
    path("amt/fund/fundanzeigen/<str:code>/kontakt", finds.find_contact, name="fund-find-contact"),
    path("amt/fund/fundanzeigen/<str:code>/frage", finds.find_query, name="fund-find-query"),
    path(
        "amt/fund/fundanzeigen/<str:code>/ablehnung", finds.find_refusal, name="fund-find-refusal"
    ),
    path("amt/fund/verluste", loss_desk.losses_list, name="fund-losses"),
    path("amt/fund/verluste/neu", loss_desk.loss_new, name="fund-loss-new"),
    path("amt/fund/verluste/<str:code>", loss_desk.loss_page, name="fund-loss"),
    path("amt/fund/verluste/<str:code>/kontakt", loss_desk.loss_contact, name="fund-loss-contact"),
    path("amt/fund/verluste/<str:code>/mitteilung", loss_desk.loss_told, name="fund-loss-told"),
    path("amt/fund/verluste/<str:code>/ende", loss_desk.loss_end, name="fund-loss-end"),
    path(
        "amt/fund/verluste/<str:code>/treffer/<str:item>/nein",
        loss_desk.loss_reject,
        name="fund-loss-reject",
    ),
    path(
        "amt/fund/verluste/<str:code>/bescheinigung.pdf",
        loss_desk.loss_certificate,
        name="fund-loss-certificate",
    ),
    path("amt/fund/verluste/<str:code>/brief.pdf", loss_desk.loss_letter, name="fund-loss-letter"),
]
