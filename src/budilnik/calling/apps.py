from django.apps import AppConfig


class CallingConfig(AppConfig):
    name = "budilnik.calling"
    label = "calling"
