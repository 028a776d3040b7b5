from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "budilnik.staff"
    label = "staff"
