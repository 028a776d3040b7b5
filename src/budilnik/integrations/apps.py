from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "budilnik.integrations"
    label = "integrations"
