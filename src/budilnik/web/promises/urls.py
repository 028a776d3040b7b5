"""Addresses of the promises."""

from django.urls import path

from budilnik.web.promises import views

app_name = "promises"
urlpatterns = [path("alarm/", views.alarm, name="alarm")]
