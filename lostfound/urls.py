"""Public pages of the lost property offices."""

from django.urls import path

from lostfound.views import found_item, search

urlpatterns = [
    path("fundbuero", search.search, name="found-search"),
    path("fundbuero/liste", search.results, name="found-results"),
    path("fundbuero/sache/<str:code>", found_item.found_item, name="found-item"),
]
