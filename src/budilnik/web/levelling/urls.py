"""Addresses of levelling: the proposal, what came of it, taking it back."""

from django.urls import path

from budilnik.web.levelling import views

app_name = "levelling"
urlpatterns = [
    path("", views.levelling, name="levelling"),
    path("apply/", views.apply, name="apply"),
    path("<int:levelling_id>/", views.made, name="made"),
    path("<int:levelling_id>/undo/", views.undo, name="undo"),
]
