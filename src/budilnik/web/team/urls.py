"""Addresses of the team."""

from django.urls import path

from budilnik.web.team import views

app_name = "team"
urlpatterns = [path("", views.team, name="team")]
