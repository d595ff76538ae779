from django.urls import path

from . import (
    crews,
    desk,
    following,
    incidents,
    moderating,
    own,
    remarks,
    saved,
    suggestions,
    taking_in,
    tiles,
    undoing,
    views,
)
from .bulk import BatchesView
from .deeds import DEEDS
from .hands import HANDS

urlpatterns = [
    path("reports/", views.ReportsView.as_view(), name="api-reports"),
    path("reports/nearby/", following.NearbyView.as_view(), name="api-nearby"),
    path("reports/<str:code>/", views.ReportView.as_view(), name="api-report"),
    path("reports/<str:code>/support/", following.SupportView.as_view(), name="api-report-support"),
    path("reports/<str:code>/follow/", following.FollowView.as_view(), name="api-report-follow"),
    path("reports/<str:code>/additions/", remarks.AdditionsView.as_view(), name="api-additions"),
    path("reports/<str:code>/verdicts/", remarks.VerdictsView.as_view(), name="api-verdicts"),
    path("reports/<str:code>/problems/", remarks.ProblemsView.as_view(), name="api-problems"),
    path("voices/<str:token>/", following.VoiceView.as_view(), name="api-voice"),
    path("voices/<str:token>/worsening/", following.WorseningView.as_view(), name="api-worsening"),
    path("own/<str:token>/", own.OwnReportView.as_view(), name="api-own-report"),
    path("categories/", views.CategoriesView.as_view(), name="api-categories"),
    path(
        "categories/suggestions/",
        suggestions.SuggestionsView.as_view(),
        name="api-category-suggestions",
    ),
    path("map/<int:z>/<int:x>/<int:y>/", tiles.MapTileView.as_view(), name="api-map-tile"),
    path("desk/batches/", BatchesView.as_view(), name="api-desk-batches"),
    path("desk/deeds/<uuid:press>/", undoing.PressView.as_view(), name="api-desk-press"),
    path("desk/intake/", taking_in.IntakeView.as_view(), name="api-desk-intake"),
    path("desk/views/", saved.ViewsView.as_view(), name="api-desk-views"),
    path("desk/views/<int:view>/", saved.OwnView.as_view(), name="api-desk-view"),
    path("desk/views/<int:view>/place/", saved.PlaceView.as_view(), name="api-desk-view-place"),
    path("crews/<str:token>/", crews.PhoneView.as_view(), name="api-crew"),
    path("crews/<str:token>/answers/", crews.PhoneAnswerView.as_view(), name="api-crew-answers"),
    path("desk/crews/", crews.CrewsView.as_view(), name="api-desk-crews"),
    path("desk/crews/<int:crew>/<str:day>/", crews.DayView.as_view(), name="api-desk-crew-day"),
    path(
        "desk/crews/<int:crew>/<str:day>/order/",
        crews.OrderView.as_view(),
        name="api-desk-crew-order",
    ),
    path(
        "desk/crews/<int:crew>/<str:day>/link/",
        crews.LinkView.as_view(),
        name="api-desk-crew-link",
    ),
    path("desk/stops/<int:stop>/place/", crews.StopPlaceView.as_view(), name="api-desk-stop-place"),
    path("desk/incidents/", incidents.IncidentsView.as_view(), name="api-desk-incidents"),
    path("desk/incidents/<str:code>/", incidents.IncidentView.as_view(), name="api-desk-storm"),
    path(
        "desk/incidents/<str:code>/answer/",
        incidents.IncidentAnswerView.as_view(),
        name="api-desk-storm-answer",
    ),
    path(
        "desk/incidents/<str:code>/ending/",
        incidents.IncidentEndView.as_view(),
        name="api-desk-storm-ending",
    ),
    path("desk/reports/", desk.CasesView.as_view(), name="api-desk-reports"),
    path("desk/reports/<str:code>/", desk.CaseView.as_view(), name="api-desk-report"),
    path(
        "desk/reports/<str:code>/contact/", undoing.ContactView.as_view(), name="api-desk-contact"
    ),
    path("desk/reports/<str:code>/texts/", moderating.TextsView.as_view(), name="api-desk-texts"),
    *(
        path(
            f"desk/reports/<str:code>/{deed.path}",
            (desk.UndoableDeedView if deed.undo else desk.DeedView).as_view(deed=deed),
            name=f"api-desk-{deed.name}",
        )
        for deed in (*DEEDS, *HANDS, *moderating.MODERATING)
    ),
]
