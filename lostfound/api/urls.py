from django.urls import path

from . import found, losses

urlpatterns = [
    path("found/", found.FoundView.as_view(), name="api-found"),
    path("found/<str:code>/", found.FoundThingView.as_view(), name="api-found-thing"),
    path("losses/", losses.LossesView.as_view(), name="api-losses"),
    path("losses/<str:token>/", losses.LossView.as_view(), name="api-loss"),
]
