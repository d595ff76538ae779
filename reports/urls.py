"""Public pages of the reports."""

from django.urls import path

from reports.views import alarm, form, home, resident, unsubscribe

urlpatterns = [
    path("", home.home, name="home"),
    path("karte/liste", home.map_list, name="home-list"),
    path("karte/meldung/<str:code>", home.map_card, name="home-card"),
    path("melden", form.report_form, name="report-form"),
    path("melden/<str:token>/<str:step>", form.report_step, name="report-step"),
    path("meldung/<str:code>", resident.report_page, name="report-page"),
    path("foto/<uuid:image_id>/<str:size>", resident.photo, name="photo"),
    # Capabilities: the token is the key.
    path("r/<str:token>", resident.own_report, name="own-report"),
    path("r/<str:token>/danke", resident.thanks, name="report-thanks"),
    path("r/<str:token>/abmelden", unsubscribe.own_letters, name="own-letters"),
    path("r/<str:token>/bestaetigen", resident.own_confirm, name="own-confirm"),
    path("gefahr/<str:token>", alarm.alarm, name="alarm"),
    path(
        "gefahr/<str:token>/foto/<uuid:image_id>/<str:size>",
        alarm.alarm_photo,
        name="alarm-photo",
    ),
    path("r/<str:token>/foto/<uuid:image_id>/<str:size>", resident.own_photo, name="own-photo"),
]
