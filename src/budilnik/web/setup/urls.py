"""Addresses of the settings."""

from django.urls import path

from budilnik.web.setup import views

app_name = "setup"
urlpatterns = [
    path("", views.everybody, name="setup"),
    path("add/", views.add, name="add"),
    path("state/", views.installation, name="state"),
    path("audit/", views.audit, name="audit"),
    path("<int:employee_id>/", views.employee, name="employee"),
    path("<int:employee_id>/password/", views.reset_password, name="password"),
    path("<int:employee_id>/sign-out/", views.sign_out, name="sign_out"),
    path("<int:employee_id>/one-step/", views.one_step, name="one_step"),
]
