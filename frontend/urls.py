"""Pages of the frame. `localised` belongs under i18n_patterns, `plain` does not."""

from django.urls import path
from django.urls.resolvers import URLPattern

from . import views

localised: list[URLPattern] = [
    path("impressum", views.imprint, name="imprint"),
    path("barrierefreiheit", views.accessibility, name="accessibility"),
    path("quelltext", views.source, name="source"),
]

plain: list[URLPattern] = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("farbe/<str:colour>.css", views.brand, name="brand"),
]
