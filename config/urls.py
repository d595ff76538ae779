"""The site map."""

from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver
from drf_spectacular.views import SpectacularAPIView

from frontend import urls as frame
from frontend.languages import LanguageFolder
from reports.api.alarms import AlarmAnswer
from townhall.admin import entrance
from townhall.api.photos import Photos, StagedPhoto
from townhall.api.where import Where

from .health import healthz, readyz
from .metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("geo.urls")),
    path("api/v1/", include("reports.api.urls")),
    path("api/v1/", include("lostfound.api.urls")),
    path("api/v1/alarms/<str:token>/answer/", AlarmAnswer.as_view(), name="api-alarm-answer"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/photos/", Photos.as_view(), name="api-photos"),
    path("api/v1/photos/<uuid:image_id>/", StagedPhoto.as_view(), name="api-staged-photo"),
    path("api/v1/where/", Where.as_view(), name="api-where"),
    path("verwaltung/django/login/", entrance),
    path("verwaltung/django/", admin.site.urls),
    *frame.plain,
    URLResolver(
        LanguageFolder(),
        [
            *frame.localised,
            # Residents' first: an address is tried against all that stand before its own.
            path("", include("reports.urls")),
            path("", include("lostfound.urls")),
            path("", include("townhall.urls")),
            path("", include("reports.staff_urls")),
            path("", include("lostfound.staff_urls")),
        ],
    ),
]

handler400 = "frontend.views.bad_request"
handler403 = "frontend.views.forbidden"
handler404 = "frontend.views.not_found"
handler500 = "config.middleware.server_error"
