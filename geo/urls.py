"""/api/v1/: where."""

from django.urls import path

from . import api

urlpatterns = [
    path("areas/", api.Areas.as_view(), name="api-areas"),
    path("places/", api.Places.as_view(), name="api-places"),
]
