"""Addresses of the day."""

from django.urls import path

from budilnik.web.day import views

app_name = "day"
urlpatterns = [path("", views.day, name="day")]
