"""Addresses of the feeds: each is a secret of its own, no session is needed."""

from django.urls import path

from budilnik.web.feed import views

app_name = "feed"
urlpatterns = [path("<str:key>.ics", views.promises, name="promises")]
