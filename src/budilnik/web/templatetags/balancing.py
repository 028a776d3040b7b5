"""How the pages of levelling word aims, reasons and loads."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _

from budilnik.core.balance import Aim

register = template.Library()


@register.filter
def aim_name(code: str) -> str:
    """Name what a levelling aims at."""
    return {Aim.FEWEST.value: _("fewest moves"), Aim.EVEN.value: _("even load")}[code]


@register.filter
def move_why(code: str) -> str:
    """Say why an owner gives a client."""
    return {
        "leaves": _("the owner leaves"),
        "above": _("the owner has more than he can cover"),
        "even": _("to even the load"),
        "chain": _("makes room for a client whom the others have lost"),
    }[code]


@register.filter
def stay_why(code: str) -> str:
    """Say why a client did not go back when a levelling was undone."""
    return {
        "owner": _("has another owner, or is archived"),
        "gone": _("the former owner has left"),
        "locked": _("the former owner has lost him since"),
        "pinned": _("was pinned to the new manager"),
    }.get(code, code)


@register.filter
def percent_tried(tried: Mapping[int, float], employee_id: int) -> int:
    """Return the load tried for a manager in percent, -1 where his own is taken."""
    return round(tried[employee_id] * 100) if employee_id in tried else -1
