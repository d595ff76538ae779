from django.urls import path

from . import views

urlpatterns = [
    path("reports/", views.ReportsView.as_view(), name="api-reports"),
    path("reports/<str:code>/", views.ReportView.as_view(), name="api-report"),
    path("categories/", views.CategoriesView.as_view(), name="api-categories"),
    path("map/<int:z>/<int:x>/<int:y>/", views.MapTileView.as_view(), name="api-map-tile"),
]
