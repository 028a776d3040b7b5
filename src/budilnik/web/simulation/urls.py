"""Addresses of the simulation."""

from django.urls import path

from budilnik.web.simulation import views

app_name = "simulation"
urlpatterns = [
    path("", views.simulation, name="simulation"),
    path("estimate/", views.estimate, name="estimate"),
    path("<int:job_id>/", views.year, name="year"),
    path("<int:job_id>/stop/", views.stop, name="stop"),
]
