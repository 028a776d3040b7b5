"""Addresses of the day."""

from django.urls import path

from budilnik.web.day import views

app_name = "day"
urlpatterns = [
    path("", views.day, name="day"),
    path("portion/", views.portion, name="portion"),
    path("<int:task_id>/outcome/", views.outcome, name="outcome"),
    path("<int:task_id>/amend/", views.amend, name="amend"),
    path("<int:task_id>/skip/", views.skip, name="skip"),
]
