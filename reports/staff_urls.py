"""The desk's doors."""

from __future__ import annotations

from django.urls import path

from reports.hand_urls import HAND_URLS
from reports.views import (
    beside,
    catalogue,
    desk_list,
    export,
    keys,
    moderation,
    numbers,
    paper_letters,
    pixels,
    reading,
    reviewing,
    saved,
    sealing,
    snippets,
    staff,
    taking_in,
    undoing,
)
from reports.views.things import THINGS

urlpatterns = [
    path("amt", desk_list.desk_page, name="desk"),
    path("amt/annahme", taking_in.intake_page, name="desk-intake"),
    path("amt/annahme/<str:code>", taking_in.receipt_page, name="desk-intake-receipt"),
    path("amt/annahme/<str:code>/beleg.pdf", taking_in.receipt_pdf, name="desk-intake-paper"),
    path("amt/briefe", paper_letters.letters_page, name="paper-letters"),
    path("amt/briefe/druck.pdf", paper_letters.letters_pdf, name="paper-letters-pdf"),
    path("amt/tastatur", keys.keys_page, name="keys"),
    path("amt/tastatur/schalter", keys.keys_switch, name="keys-switch"),
    path("amt/rueckgaengig/<uuid:batch>", undoing.undo_page, name="desk-undo"),
    path("amt/liste.csv", export.list_csv, name="desk-list-csv"),
    path("amt/ansichten", desk_list.views_piece, name="desk-views"),
    path("amt/ansichten/filter", saved.filter_help, name="desk-filter-help"),
    path("amt/ansichten/gemerkt", saved.saved_page, name="desk-saved"),
    path("amt/ansichten/gemerkt/<int:pk>", saved.saved_change, name="desk-saved-change"),
    path(
        "amt/ansichten/gemerkt/<int:pk>/entfernung", saved.saved_removal, name="desk-saved-removal"
    ),
    path("amt/ansichten/gemerkt/<int:pk>/platz", saved.saved_place, name="desk-saved-place"),
    *HAND_URLS,
    path("amt/freigabe", reviewing.queue_page, name="desk-review"),
    path("amt/meldung/<str:code>/fassungen", reviewing.texts_page, name="desk-texts"),
    path("amt/meldung/<str:code>", staff.report_page, name="desk-report"),
    path("amt/meldung/<str:code>/zeile", desk_list.row_piece, name="desk-row"),
    path("amt/meldung/<str:code>/anwesenheit", beside.presence_piece, name="desk-presence"),
    path("amt/meldung/<str:code>/vorschau", beside.preview_piece, name="desk-preview"),
    path("amt/meldung/<str:code>/kontakt", staff.contact_page, name="desk-contact"),
    path("amt/meldung/<str:code>/haftungsakte", staff.liability_page, name="desk-haftungsakte"),
    *(
        path(
            f"amt/meldung/<str:code>/{slug}",
            staff.thing_page,
            {"slug": slug},
            name=f"desk-{slug}",
        )
        for slug in THINGS
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
    path("amt/meldung/<str:code>/beweis", sealing.evidence_page, name="desk-evidence"),
    path("amt/meldung/<str:code>/probleme", moderation.problems_page, name="desk-problems"),
    path("amt/foto/<uuid:image_id>/<str:size>", staff.photo, name="desk-photo"),
    path("amt/zahlen", numbers.numbers_page, name="numbers"),
    path("amt/zahlen/tabelle.csv", numbers.numbers_csv, name="numbers-csv"),
    path("amt/zahlen/ortsteil.pdf", numbers.numbers_paper, name="numbers-paper"),
    path("verwaltung/einsicht", reading.reading_log, name="reading-log"),
    path("verwaltung/textbausteine", snippets.overview, name="snippets"),
    path("verwaltung/textbausteine/neu", snippets.snippet_form, name="snippet-new"),
    path("verwaltung/textbausteine/<int:pk>", snippets.snippet_form, name="snippet"),
    path(
        "verwaltung/textbausteine/<int:pk>/entfernung",
        snippets.snippet_removal,
        name="snippet-removal",
    ),
    path("verwaltung/kategorien", catalogue.overview, name="catalogue"),
    path("verwaltung/kategorien/neu", catalogue.category_form, name="catalogue-new"),
    path("verwaltung/kategorien/bereich/neu", catalogue.group_form, name="catalogue-group-new"),
    path("verwaltung/kategorien/bereich/<slug:code>", catalogue.group_form, name="catalogue-group"),
    path("verwaltung/kategorien/<slug:code>", catalogue.category_page, name="catalogue-category"),
    *(
        path(f"verwaltung/kategorien/<slug:code>/{rest}", view, name=f"catalogue-{name}")
        for rest, view, name in (
            ("angaben", catalogue.category_form, "change"),
            ("entfernung", catalogue.category_removal, "removal"),
            ("fragen/neu", catalogue.question_form, "question-new"),
            ("fragen/<slug:question>", catalogue.question_form, "question"),
            ("fragen/<slug:question>/entfernung", catalogue.question_removal, "question-removal"),
            ("fragen/<slug:question>/rueckkehr", catalogue.question_return, "question-return"),
            ("fragen/<slug:question>/platz", catalogue.question_place, "question-place"),
            ("sperren/neu", catalogue.block_form, "block-new"),
            ("sperren/<int:pk>", catalogue.block_form, "block"),
            ("sperren/<int:pk>/entfernung", catalogue.block_removal, "block-removal"),
            ("angebot/<slug:town>", catalogue.offer_form, "offer"),
        )
    ),
]
