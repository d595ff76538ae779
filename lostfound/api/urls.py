from django.urls import path

from . import found

urlpatterns = [
    path("found/", found.FoundView.as_view(), name="api-found"),
    path("found/<str:code>/", found.FoundThingView.as_view(), name="api-found-thing"),
]
