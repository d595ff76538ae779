"""Public pages of the reports."""

from django.urls import path

from reports.views import (
    alarm,
    amend,
    confirm,
    crews,
    following,
    form,
    home,
    map_picture,
    mine,
    offline,
    pixels,
    privacy,
    remarks,
    reply,
    resident,
    responsible,
    task,
    unsubscribe,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("karte/liste", home.map_list, name="home-list"),
    path("karte/bild.svg", map_picture.map_picture, name="home-picture"),
    path("karte/meldung/<str:code>", home.map_card, name="home-card"),
    path("melden", form.report_form, name="report-form"),
    path("melden/abgeben", offline.hand_in, name="report-hand-in"),
    path("melden/hinweis", privacy.text_hint, name="text-hint"),
    path("melden/ohne-netz", offline.kept_form, name="kept-form"),
    path("ohne-netz", offline.shelter, name="shelter"),
    path("melden/<str:token>/<str:step>", form.report_step, name="report-step"),
    path("melden/<str:token>/foto/<uuid:image_id>", pixels.form_pixels, name="report-pixels"),
    path("zustaendig", responsible.responsible, name="responsible"),
    path("meldung/<str:code>", resident.report_page, name="report-page"),
    path("meldung/<str:code>/zieltermin.ics", resident.target_date, name="report-target-date"),
    *(
        path(
            f"meldung/<str:code>/{slug}",
            remarks.public_remark,
            {"slug": slug},
            name=f"report-{slug}",
        )
        for slug in remarks.THINGS
    ),
    path("meldung/<str:code>/betrifft", following.concern, name="concern"),
    path("meldung/<str:code>/folgen", following.follow_page, name="follow"),
    path("meldung/<str:code>/atom.xml", following.feed, name="report-feed"),
    path("foto/<uuid:image_id>/<str:size>", resident.photo, name="photo"),
    # Capabilities: the token is the key.
    path("betrifft/<str:token>", following.voice, name="voice"),
    path("folgen/<str:token>/bestaetigen", following.follow_confirm, name="follow-confirm"),
    path("folgen/<str:token>/abmelden", following.follow_end, name="follow-end"),
    path("r/<str:token>", resident.own_report, name="own-report"),
    path("r/<str:token>/danke", resident.thanks, name="report-thanks"),
    path("r/<str:token>/meldung.pdf", resident.own_paper, name="own-paper"),
    *(
        path(f"r/<str:token>/{slug}", remarks.own_remark, {"slug": slug}, name=f"own-{slug}")
        for slug in remarks.OWN_THINGS
    ),
    path("r/<str:token>/antwort", reply.own_reply, name="own-reply"),
    path("r/<str:token>/aendern", amend.own_change, name="own-change"),
    path("r/<str:token>/aendern/<str:kept>", amend.own_change, name="own-change-kept"),
    path(
        "r/<str:token>/aendern/<str:kept>/foto/<uuid:image_id>",
        pixels.own_pixels,
        name="own-pixels",
    ),
    path("r/<str:token>/name", amend.own_name, name="own-name"),
    path("r/<str:token>/zurueckziehen", amend.own_withdrawal, name="own-withdrawal"),
    path("r/<str:token>/loeschen", amend.own_erasure, name="own-erasure"),
    path("r/<str:token>/abmelden", unsubscribe.own_letters, name="own-letters"),
    path("r/<str:token>/bestaetigen", confirm.own_confirm, name="own-confirm"),
    path("meine", mine.mine, name="mine"),
    path("meine/<str:token>", mine.mine_visit, name="mine-visit"),
    path("meine/<str:token>/einlass", mine.mine_entrance, name="mine-entrance"),
    path("meine/<str:token>/daten.zip", mine.mine_copy, name="mine-copy"),
    path("meine/<str:token>/loeschen", mine.mine_erasure, name="mine-erasure"),
    path("meine/<str:token>/ende", mine.mine_end, name="mine-end"),
    path("meine/<str:token>/<str:code>/briefe", mine.mine_letters, name="mine-letters"),
    path(
        "meine/<str:token>/<str:code>/bestaetigung",
        mine.mine_confirmation,
        name="mine-confirmation",
    ),
    path("trupp/<str:token>", crews.crew_page, name="crew"),
    path("trupp/<str:token>/antwort", crews.hand_in, name="crew-hand-in"),
    path("auftrag/<str:token>", task.task_page, name="task"),
    path("auftrag/<str:token>/foto/<uuid:image_id>/<str:size>", task.task_photo, name="task-photo"),
    path("gefahr/<str:token>", alarm.alarm, name="alarm"),
    path(
        "gefahr/<str:token>/foto/<uuid:image_id>/<str:size>",
        alarm.alarm_photo,
        name="alarm-photo",
    ),
    path("r/<str:token>/foto/<uuid:image_id>/<str:size>", resident.own_photo, name="own-photo"),
]
