"""Addresses of one's own page."""

from django.urls import path

from budilnik.web.me import views

app_name = "me"
urlpatterns = [
    path("", views.me, name="me"),
    path("feed/", views.renew_feed, name="renew_feed"),
    path("address/", views.address, name="address"),
]
