"""Addresses of the settings."""

from django.urls import path

from budilnik.web.setup import rights, scripts, views

app_name = "setup"
urlpatterns = [
    path("", views.everybody, name="setup"),
    path("add/", views.add, name="add"),
    path("state/", views.installation, name="state"),
    path("state/trial/", views.trial, name="trial"),
    path("audit/", views.audit, name="audit"),
    path("scripts/", scripts.listed, name="scripts"),
    path("scripts/preview/", scripts.preview, name="preview_script"),
    path("scripts/news/add/", scripts.add_news, name="add_news"),
    path("scripts/news/<int:news_id>/", scripts.news, name="news"),
    path("scripts/news/<int:news_id>/end/", scripts.end_news, name="end_news"),
    path("scripts/<str:code>/", scripts.block, name="script"),
    path("scripts/<str:code>/restore/", scripts.restore, name="restore_script"),
    path("<int:employee_id>/", views.employee, name="employee"),
    path("<int:employee_id>/password/", views.reset_password, name="password"),
    path("<int:employee_id>/sign-out/", views.sign_out, name="sign_out"),
    path("<int:employee_id>/one-step/", views.one_step, name="one_step"),
    path("<int:employee_id>/export/", rights.export, name="export"),
    path("<int:employee_id>/address/", rights.address, name="address"),
]
