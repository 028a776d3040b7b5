"""The form of a new employee."""

from zoneinfo import available_timezones

from django import forms

from budilnik.calling.wording import role_name
from budilnik.core.terms import Role


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role_name(role.value)) for role in Role]


class NewEmployee(forms.Form):
    """Who is taken on; the action says what will not do."""

    login = forms.CharField(max_length=64)
    name = forms.CharField(max_length=160)
    role = forms.ChoiceField(choices=_roles, initial=Role.MANAGER.value)
    norm = forms.IntegerField()
    zone = forms.CharField(max_length=64, required=False)


def zones() -> list[str]:
    """Return the zones to choose from: those of places, without the aliases of offices."""
    return sorted(zone for zone in available_timezones() if zone.startswith(("Europe/", "Asia/")))
