"""Addresses of what insight says of the base as a whole."""

from django.urls import path

from budilnik.web.insight import views

app_name = "insight"
urlpatterns = [
    path("", views.classes, name="classes"),
    path("rfm/", views.fifths, name="fifths"),
    path("seasons/", views.seasons, name="seasons"),
    path("stopped/", views.stopped, name="stopped"),
    path("threat/", views.threat, name="threat"),
    path("potential/", views.wallet, name="wallet"),
]
