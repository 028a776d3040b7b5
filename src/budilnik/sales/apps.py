from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "budilnik.sales"
    label = "sales"
