"""Addresses of the promises."""

from django.urls import path

from budilnik.web.promises import views

app_name = "promises"
urlpatterns = [
    path("", views.promises, name="promises"),
    path("alarm/", views.alarm, name="alarm"),
    path("new/", views.new, name="new"),
    path("<int:callback_id>/move/", views.move, name="move"),
    path("<int:callback_id>/pass/", views.hand_over, name="pass"),
    path("<int:callback_id>/keep/", views.keep, name="keep"),
    path("<int:callback_id>/snooze/", views.snooze, name="snooze"),
]
