"""How reports call things: tabs, classes of a board, what a figure of discipline counts, ways of a client."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def report_name(code: str) -> str:
    """Name a report."""
    return {
        "coverage": _("Coverage"),
        "discipline": _("Discipline"),
        "flows": _("Status flows"),
        "money": _("Money"),
    }[code]
