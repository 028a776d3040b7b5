"""Addresses of the rules."""

from django.urls import path

from budilnik.web.policy import carrying, forecast, versions, views

app_name = "policy"
urlpatterns = [
    path("", versions.overview, name="policy"),
    path("edit/", views.edit, name="edit"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("trial/", views.trial, name="trial"),
    path("apply/", views.apply, name="apply"),
    path("history/", versions.history, name="history"),
    path("compare/", versions.compare, name="compare"),
    path("<int:number>/", versions.version, name="version"),
    path("<int:number>/withdraw/", versions.withdraw, name="withdraw"),
    path("loads/", carrying.loads, name="loads"),
    path("loads/<int:employee_id>/", carrying.load, name="load"),
    path("calendar/", carrying.calendar, name="calendar"),
    path("calendar/add/", carrying.override, name="add_day"),
    path("calendar/forget/", carrying.forget, name="forget_day"),
]
