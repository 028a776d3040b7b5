"""Addresses of the clients."""

from django.urls import path

from budilnik.web.clients import views

app_name = "clients"
urlpatterns = [path("", views.clients, name="clients")]
