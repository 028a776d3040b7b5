"""Addresses of the me."""

from django.urls import path

from budilnik.web.me import views

app_name = "me"
urlpatterns = [path("", views.me, name="me")]
