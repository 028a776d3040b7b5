from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "budilnik.web"
    label = "web"
