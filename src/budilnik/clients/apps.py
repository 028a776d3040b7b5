from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "budilnik.clients"
    label = "clients"
